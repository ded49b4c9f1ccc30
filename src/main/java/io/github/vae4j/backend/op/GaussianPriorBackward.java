// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link GaussianPrior}, for a loss with the term {@code -sum_r g_r logRatio[r]}
 * with {@code g_r = scale beta weight[r]}. The {@link ReparameterizeBackward} that follows adds the
 * gradient of the standard normal part. With n = (z - mu) exp(-logvar):
 *
 * <ul>
 *   <li>{@code dz[r, j] = dz[r, j] + g_r (n - z)}
 *   <li>{@code dComponents[r, j] = -g_r n}
 *   <li>{@code dComponents[r, Z + j] = -g_r 1/2 (n (z - mu) - 1)}, and 0 where logvar was outside
 *       the clamp
 * </ul>
 *
 * @param forward the op whose gradient this is
 * @param weight FLOAT32 (R), the importance of each sample; null for 1
 * @param dz FLOAT32 (R, Z), updated
 * @param dComponents FLOAT32 (R, 2Z)
 * @param control beta
 * @param scale the weight of one sample: 1 / (B L) for a mean over samples and batch
 */
public record GaussianPriorBackward(
    GaussianPrior forward,
    @Nullable Tensor weight,
    Tensor dz,
    Tensor dComponents,
    Control control,
    float scale)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public GaussianPriorBackward {
    new Check("gaussianPriorBackward")
        .given("forward", forward, "the op whose gradient this is")
        .finite("scale", scale)
        .in("z", forward.z(), "*R Z")
        .in("components", forward.components(), "*R 2Z")
        .mayIn("weight", weight, "*R")
        .out("dz", dz, "*R Z")
        .out("dComponents", dComponents, "*R 2Z")
        .control(control)
        .done();
  }
}
