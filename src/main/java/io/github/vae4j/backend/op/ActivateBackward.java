// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * The gradient of {@link Activate}: {@code dx = dy * activation'(x)}, the derivative computed from
 * {@link Activate#kept}.
 *
 * @param forward the op whose gradient this is
 * @param dy FLOAT32 (R, C)
 * @param dx FLOAT32 (R, C)
 */
public record ActivateBackward(Activate forward, Tensor dy, Tensor dx) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public ActivateBackward {
    new Check("activateBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("kept", forward.kept(), "*R C")
        .in("dy", dy, "*R C")
        .out("dx", dx, "*R C")
        .done();
  }
}
