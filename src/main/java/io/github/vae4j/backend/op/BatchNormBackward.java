// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of {@link BatchNorm}. With {@code s[c] = 1 / sqrt(variance[c] + epsilon)} and
 * {@code n[r, c] = (x[r, c] - mean[c]) s[c]}:
 *
 * <ul>
 *   <li>{@code dScale[c] = sum_r dy n}, {@code dShift[c] = sum_r dy}
 *   <li>in training {@code dx = scale s (dy - dShift / R - n dScale / R)}, as mean and variance
 *       depend on x
 *   <li>else {@code dx = scale s dy}
 * </ul>
 *
 * @param forward the op whose gradient this is
 * @param dy FLOAT32 (R, C)
 * @param dx FLOAT32 (R, C); null where the input needs no gradient
 * @param dScale FLOAT32 (C)
 * @param dShift FLOAT32 (C)
 */
public record BatchNormBackward(
    BatchNorm forward, Tensor dy, @Nullable Tensor dx, Tensor dScale, Tensor dShift) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public BatchNormBackward {
    new Check("batchNormBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("x", forward.x(), "*R C")
        .in("scale", forward.scale(), "C")
        .in("mean", forward.mean(), "C")
        .in("variance", forward.variance(), "C")
        .in("dy", dy, "*R C")
        .mayOut("dx", dx, "*R C")
        .out("dScale", dScale, "C")
        .out("dShift", dShift, "C")
        .done();
  }
}
