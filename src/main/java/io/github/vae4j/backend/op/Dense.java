// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A dense layer: {@code v = x W + bias}, {@code y = activation(v)}.
 *
 * @param x FLOAT32 (B, I)
 * @param weight FLOAT32 (I, O)
 * @param bias FLOAT32 (O)
 * @param preactivation FLOAT32 (B, O), receives v; null exactly if the activation does not {@link
 *     Activation#needsPreactivation}
 * @param y FLOAT32 (B, O)
 * @param activation the function
 */
public record Dense(
    Tensor x,
    Tensor weight,
    Tensor bias,
    @Nullable Tensor preactivation,
    Tensor y,
    Activation activation)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public Dense {
    new Check("dense")
        .activation(activation, preactivation)
        .in("x", x, "*B I")
        .in("weight", weight, "I O")
        .in("bias", bias, "O")
        .mayOut("preactivation", preactivation, "*B O")
        .out("y", y, "*B O")
        .done();
  }

  /**
   * The tensor that the derivative is computed from.
   *
   * @return the preactivation if the activation needs it, else y
   */
  public Tensor kept() {
    return preactivation == null ? y : preactivation;
  }

  @Override
  public long products() {
    return x.length() * bias.length();
  }
}
