package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link MixturePrior}, for a loss that holds {@code -sum_r g_r logRatio[r]} with
 * {@code g_r = scale beta weight[r]}. The gradient of the standard normal part is left to the
 * {@link ReparameterizeBackward} that follows, so that only the difference is added. With n_kj = (z
 * - mu) exp(-logvar) and r_k the responsibilities of row r:
 *
 * <ul>
 *   <li>{@code dz[r, j] = dz[r, j] + g_r (sum_k r_k n_kj - z)}
 *   <li>{@code dComponents[k, j] = -sum_r g_r r_k n_kj}
 *   <li>{@code dComponents[k, latent + j] = -sum_r g_r r_k 1/2 (n_kj (z - mu) - 1)}, and 0 where
 *       logvar was outside the clamp
 *   <li>{@code dLogits[k] = -sum_r g_r (r_k - pi_k)}
 * </ul>
 *
 * @param z FLOAT32 (rows, latent)
 * @param components FLOAT32 (componentCount, 2 latent)
 * @param logits FLOAT32 (componentCount); null for equal weights
 * @param responsibilities FLOAT32 (rows, componentCount), from the forward op
 * @param weight FLOAT32 (rows), the importance of each sample; null for 1
 * @param dz FLOAT32 (rows, latent), updated
 * @param dComponents FLOAT32 (componentCount, 2 latent)
 * @param dLogits FLOAT32 (componentCount); given exactly where logits are
 * @param control beta
 * @param rows R
 * @param latent Z
 * @param componentCount K
 * @param scale the weight of one sample: 1 / (B L) for a mean over samples and batch
 */
public record MixturePriorBackward(
    Buffer z,
    Buffer components,
    @Nullable Buffer logits,
    Buffer responsibilities,
    @Nullable Buffer weight,
    Buffer dz,
    Buffer dComponents,
    @Nullable Buffer dLogits,
    Control control,
    int rows,
    int latent,
    int componentCount,
    float scale)
    implements Op {}
