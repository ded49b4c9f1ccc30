// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link PlanarFlow}, for a loss with the term {@code -sum_r g_r logRatio[r]} with
 * {@code g_r = scale beta weight[r]}, in addition to the given gradient of z. The {@link
 * ReparameterizeBackward} that follows adds the gradient of {@code 1/2 |z0|^2}: this op adds {@code
 * g_r z} before the last map's gradient and subtracts {@code g_r z0} after the first's. For a map,
 * with G the gradient of its result, D = -g_r, det = h^2 + (1 - h^2) p, c = (p - 1 - s) / |w|^2 if
 * s is negative and else 0:
 *
 * <ul>
 *   <li>{@code da = (1 - h^2) (v.G + 2 h D (1 - p) / det)}; {@code db = da}
 *   <li>{@code dy = G + da w}
 *   <li>{@code dc = h G.w}; {@code dp = D (1 - h^2) / det}; {@code ds = dp p' + dc (p' - 1) /
 *       |w|^2}, the last term only if s is negative, p' = dp/ds
 *   <li>{@code du = h G + ds w}
 *   <li>{@code dw = da y + c h G + ds u - 2 c dc / |w|^2 w}
 * </ul>
 *
 * @param forward the op whose gradient this is
 * @param weight FLOAT32 (B, L), the importance of each sample; null for 1
 * @param dz FLOAT32 (B, L, Z): the gradient of z, then that of z0
 * @param dParameters FLOAT32 (B, W), of which the last T (2Z + 1) columns are written: sums over a
 *     row's samples
 * @param control beta
 * @param scale the weight of one sample: 1 / (B L) for a mean over samples and batch
 */
public record PlanarFlowBackward(
    PlanarFlow forward,
    @Nullable Tensor weight,
    Tensor dz,
    Tensor dParameters,
    Control control,
    float scale)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public PlanarFlowBackward {
    new Check("planarFlowBackward")
        .given("forward", forward, "the op whose gradient this is")
        .finite("scale", scale)
        .in("parameters", forward.parameters(), "B W")
        .in("z", forward.z(), "B L Z")
        .in("tanh", forward.tanh(), "B L T")
        .mayIn("weight", weight, "B L")
        .out("dz", dz, "B L Z")
        .out("dParameters", dParameters, "B W")
        .control(control)
        .done();
  }
}
