package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link PlanarFlow}, for a loss that holds {@code -sum_r g_r logRatio[r]} with
 * {@code g_r = scale beta weight[r]}, besides what z's gradient says. The {@link
 * ReparameterizeBackward} that follows adds that of {@code 1/2 |z0|^2} itself: here {@code g_r z}
 * is added before the last map's gradient and {@code g_r z0} is subtracted after the first's.
 * Through a map, with G the gradient of its result, D = -g_r, det = h^2 + (1 - h^2) p, c = (p - 1 -
 * s) / |w|^2 where s is negative and else 0:
 *
 * <ul>
 *   <li>{@code da = (1 - h^2) (v.G + 2 h D (1 - p) / det)}; {@code db = da}
 *   <li>{@code dy = G + da w}
 *   <li>{@code dc = h G.w}; {@code dp = D (1 - h^2) / det}; {@code ds = dp p' + dc (p' - 1) /
 *       |w|^2}, the last only where s is negative, p' = dp/ds
 *   <li>{@code du = h G + ds w}
 *   <li>{@code dw = da y + c h G + ds u - 2 c dc / |w|^2 w}
 * </ul>
 *
 * @param parameters FLOAT32 (batch, width)
 * @param z FLOAT32 (batch * samples, latent), from the forward op
 * @param tanh FLOAT32 (batch * samples, layers), from the forward op
 * @param weight FLOAT32 (batch * samples), the importance of each sample; null for 1
 * @param dz FLOAT32 (batch * samples, latent): the gradient of z, then that of z0
 * @param dParameters FLOAT32 (batch, width), of which the last layers (2 latent + 1) columns are
 *     written: sums over a row's samples
 * @param control beta
 * @param batch B
 * @param samples L
 * @param latent Z
 * @param layers how many maps
 * @param width columns of parameters
 * @param scale the weight of one sample: 1 / (B L) for a mean over samples and batch
 */
public record PlanarFlowBackward(
    Buffer parameters,
    Buffer z,
    Buffer tanh,
    @Nullable Buffer weight,
    Buffer dz,
    Buffer dParameters,
    Control control,
    int batch,
    int samples,
    int latent,
    int layers,
    int width,
    float scale)
    implements Op {}
