// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of {@link LayerNorm}. With {@code s[r] = 1 / sqrt(variance[r] + epsilon)}, {@code
 * n[r, c] = (x[r, c] - mean[r]) s[r]} and {@code g = scale dy}:
 *
 * <ul>
 *   <li>{@code dScale[c] = sum_r dy n}, {@code dShift[c] = sum_r dy}
 *   <li>{@code dx[r, c] = s (g - 1/C sum_c g - n 1/C sum_c g n)}
 * </ul>
 *
 * @param forward the op whose gradient this is
 * @param dy FLOAT32 (R, C)
 * @param dx FLOAT32 (R, C); null where the input needs no gradient
 * @param dScale FLOAT32 (C)
 * @param dShift FLOAT32 (C)
 */
public record LayerNormBackward(
    LayerNorm forward, Tensor dy, @Nullable Tensor dx, Tensor dScale, Tensor dShift) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public LayerNormBackward {
    new Check("layerNormBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("x", forward.x(), "*R C")
        .in("scale", forward.scale(), "C")
        .in("mean", forward.mean(), "*R")
        .in("variance", forward.variance(), "*R")
        .in("dy", dy, "*R C")
        .mayOut("dx", dx, "*R C")
        .out("dScale", dScale, "C")
        .out("dShift", dShift, "C")
        .done();
  }
}
