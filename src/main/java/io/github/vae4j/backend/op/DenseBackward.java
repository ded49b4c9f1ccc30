// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of {@link Dense}: {@code dv = dy * activation'(v)}, {@code dx = dv W^T}, {@code dW
 * = x^T dv}, {@code dbias = sum over rows of dv}. Gradients are overwritten, not added to. The
 * derivative is computed from {@link Dense#kept}.
 *
 * @param forward the op whose gradient this is
 * @param dy FLOAT32 (B, O); holds dv afterwards
 * @param dx FLOAT32 (B, I); null where the input needs no gradient
 * @param dWeight FLOAT32 (I, O)
 * @param dBias FLOAT32 (O)
 */
public record DenseBackward(
    Dense forward, Tensor dy, @Nullable Tensor dx, Tensor dWeight, Tensor dBias) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public DenseBackward {
    new Check("denseBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("x", forward.x(), "*B I")
        .in("weight", forward.weight(), "I O")
        .in("kept", forward.kept(), "*B O")
        .out("dy", dy, "*B O")
        .mayOut("dx", dx, "*B I")
        .out("dWeight", dWeight, "I O")
        .out("dBias", dBias, "O")
        .done();
  }

  @Override
  public long products() {
    return forward.products() * (dx == null ? 1 : 2);
  }
}
