// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.tensor.Tensor;

/**
 * An activation on its own, as after a normalisation: {@code y[r, c] = activation(x[r, c])}.
 *
 * @param x FLOAT32 (R, C)
 * @param y FLOAT32 (R, C)
 * @param activation the function
 */
public record Activate(Tensor x, Tensor y, Activation activation) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public Activate {
    new Check("activate")
        .given("activation", activation, "an activation")
        .in("x", x, "*R C")
        .out("y", y, "*R C")
        .done();
  }

  /**
   * The tensor that the derivative is computed from.
   *
   * @return x if the activation needs it, else y
   */
  public Tensor kept() {
    return activation.needsPreactivation() ? x : y;
  }
}
