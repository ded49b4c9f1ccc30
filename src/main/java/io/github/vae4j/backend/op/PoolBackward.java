// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * The gradient of {@link Pool}: {@code dx} is the sum over the windows with that pixel of {@code dy
 * / (K L)} for the average; for the maximum of the dy of those windows in which the pixel is the
 * first greatest one, in the order of rows, then columns, NaN being greater than any number.
 *
 * @param forward the op whose gradient this is
 * @param dy FLOAT32 (N, P, Q, C)
 * @param dx FLOAT32 (N, H, W, C)
 */
public record PoolBackward(Pool forward, Tensor dy, Tensor dx) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public PoolBackward {
    new Check("poolBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("x", forward.x(), "N H W C")
        .in("y", forward.y(), "N P Q C")
        .in("dy", dy, "N P Q C")
        .out("dx", dx, "N H W C")
        .done();
  }
}
