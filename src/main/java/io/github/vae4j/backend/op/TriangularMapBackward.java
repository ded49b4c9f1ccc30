// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link TriangularMap}, for a loss with the term {@code -sum_r g_r logRatio[r]}
 * with {@code g_r = scale beta weight[r]}, in addition to the given gradient of z. The {@link
 * ReparameterizeBackward} that follows adds the gradient of {@code 1/2 |z0|^2}. With G = dz + g_r
 * z:
 *
 * <ul>
 *   <li>{@code dA_ij = sum over a row's samples of G_i z0_j}
 *   <li>{@code dz0_j = G_j + sum_{i>j} A_ij G_i - g_r z0_j}
 * </ul>
 *
 * @param forward the op whose gradient this is
 * @param weight FLOAT32 (B, L), the importance of each sample; null for 1
 * @param dz FLOAT32 (B, L, Z): the gradient of z, then that of z0
 * @param dParameters FLOAT32 (B, W), of which the last Z (Z - 1) / 2 columns are written
 * @param control beta
 * @param scale the weight of one sample: 1 / (B L) for a mean over samples and batch
 */
public record TriangularMapBackward(
    TriangularMap forward,
    @Nullable Tensor weight,
    Tensor dz,
    Tensor dParameters,
    Control control,
    float scale)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public TriangularMapBackward {
    new Check("triangularMapBackward")
        .given("forward", forward, "the op whose gradient this is")
        .finite("scale", scale)
        .in("parameters", forward.parameters(), "B W")
        .in("z0", forward.z0(), "B L Z")
        .in("z", forward.z(), "B L Z")
        .mayIn("weight", weight, "B L")
        .out("dz", dz, "B L Z")
        .out("dParameters", dParameters, "B W")
        .control(control)
        .done();
  }
}
