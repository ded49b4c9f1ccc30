// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * The gradient of {@link Upsample}: {@code dx} is the sum of all {@code dy}, each times the weight
 * that its y gives to that x.
 *
 * @param forward the op whose gradient this is
 * @param dy FLOAT32 (N, P, Q, C)
 * @param dx FLOAT32 (N, H, W, C)
 */
public record UpsampleBackward(Upsample forward, Tensor dy, Tensor dx) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public UpsampleBackward {
    new Check("upsampleBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("x", forward.x(), "N H W C")
        .in("y", forward.y(), "N P Q C")
        .in("dy", dy, "N P Q C")
        .out("dx", dx, "N H W C")
        .done();
  }
}
