package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link TriangularMap}, for a loss that holds {@code -sum_r g_r logRatio[r]} with
 * {@code g_r = scale beta weight[r]}, besides what z's gradient says. The {@link
 * ReparameterizeBackward} that follows adds that of {@code 1/2 |z0|^2} itself. With G = dz + g_r z:
 *
 * <ul>
 *   <li>{@code dA_ij = sum over a row's samples of G_i z0_j}
 *   <li>{@code dz0_j = G_j + sum_{i>j} A_ij G_i - g_r z0_j}
 * </ul>
 *
 * @param parameters FLOAT32 (batch, width)
 * @param z0 FLOAT32 (batch * samples, latent)
 * @param z FLOAT32 (batch * samples, latent), from the forward op
 * @param weight FLOAT32 (batch * samples), the importance of each sample; null for 1
 * @param dz FLOAT32 (batch * samples, latent): the gradient of z, then that of z0
 * @param dParameters FLOAT32 (batch, width), of which the last latent (latent - 1) / 2 columns are
 *     written
 * @param control beta
 * @param batch B
 * @param samples L
 * @param latent Z
 * @param width columns of parameters
 * @param scale the weight of one sample: 1 / (B L) for a mean over samples and batch
 */
public record TriangularMapBackward(
    Buffer parameters,
    Buffer z0,
    Buffer z,
    @Nullable Buffer weight,
    Buffer dz,
    Buffer dParameters,
    Control control,
    int batch,
    int samples,
    int latent,
    int width,
    float scale)
    implements Op {}
