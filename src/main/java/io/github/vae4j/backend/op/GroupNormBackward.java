// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of {@link GroupNorm}. With {@code s[n, g] = 1 / sqrt(variance[n, g] + epsilon)},
 * {@code h[n, r, c] = (x[n, r, c] - mean[n, g]) s[n, g]} and {@code t = scale dy}:
 *
 * <ul>
 *   <li>{@code dScale[c] = sum_{n, r} dy h}, {@code dShift[c] = sum_{n, r} dy}
 *   <li>{@code dx = s (t - mean_g t - h mean_g (t h))}, {@code mean_g} over the R D values of the
 *       group
 * </ul>
 *
 * @param forward the op whose gradient this is
 * @param dy FLOAT32 (N, R, C)
 * @param dx FLOAT32 (N, R, C); null where the input needs no gradient
 * @param dScale FLOAT32 (C)
 * @param dShift FLOAT32 (C)
 */
public record GroupNormBackward(
    GroupNorm forward, Tensor dy, @Nullable Tensor dx, Tensor dScale, Tensor dShift) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public GroupNormBackward {
    new Check("groupNormBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("x", forward.x(), "N R C")
        .in("scale", forward.scale(), "C")
        .in("mean", forward.mean(), "N G")
        .in("variance", forward.variance(), "N G")
        .in("dy", dy, "N R C")
        .mayOut("dx", dx, "N R C")
        .out("dScale", dScale, "C")
        .out("dShift", dShift, "C")
        .done();
  }
}
