package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link GaussianPrior}, for a loss that holds {@code -sum_r g_r logRatio[r]} with
 * {@code g_r = scale beta weight[r]}. The gradient of the standard normal part is left to the
 * {@link ReparameterizeBackward} that follows. With n = (z - mu) exp(-logvar):
 *
 * <ul>
 *   <li>{@code dz[r, j] = dz[r, j] + g_r (n - z)}
 *   <li>{@code dComponents[r, j] = -g_r n}
 *   <li>{@code dComponents[r, latent + j] = -g_r 1/2 (n (z - mu) - 1)}, and 0 where logvar was
 *       outside the clamp
 * </ul>
 *
 * @param z FLOAT32 (rows, latent)
 * @param components FLOAT32 (rows, 2 latent)
 * @param weight FLOAT32 (rows), the importance of each sample; null for 1
 * @param dz FLOAT32 (rows, latent), updated
 * @param dComponents FLOAT32 (rows, 2 latent)
 * @param control beta
 * @param rows R
 * @param latent Z
 * @param scale the weight of one sample: 1 / (B L) for a mean over samples and batch
 */
public record GaussianPriorBackward(
    Buffer z,
    Buffer components,
    @Nullable Buffer weight,
    Buffer dz,
    Buffer dComponents,
    Control control,
    int rows,
    int latent,
    float scale)
    implements Op {}
