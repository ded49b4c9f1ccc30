// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Window;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A convolution (a cross-correlation, as in all libraries of the field): with the J = I / groups
 * input channels that follow {@code first(o) = (o / (O / groups)) J}, {@code v[n, p, q, o] =
 * bias[o] + sum_{k, l, j} x[n, p sh - ph + k dh, q sw - pw + l dw, first(o) + j] weight[o, k, l,
 * j]}, {@code y = activation(v)}; sh, ph and dh are the window's stride, padding and dilation; x is
 * 0 outside.
 *
 * @param x FLOAT32 (N, H, W, I)
 * @param weight FLOAT32 (O, K, L, J), K and L the window's kernel
 * @param bias FLOAT32 (O)
 * @param preactivation FLOAT32 (N, P, Q, O), receives v; null exactly if the activation does not
 *     {@link Activation#needsPreactivation}
 * @param y FLOAT32 (N, P, Q, O), P and Q the window's output sizes
 * @param window kernel, stride, padding and dilation
 * @param groups a divisor of I and O
 * @param activation the function
 */
public record Conv(
    Tensor x,
    Tensor weight,
    Tensor bias,
    @Nullable Tensor preactivation,
    Tensor y,
    Window window,
    int groups,
    Activation activation)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public Conv {
    Check check = new Check("conv");
    ConvCheck.settings(check, window, groups, activation, preactivation);
    check.in("x", x, "N H W I");
    ConvCheck.weight(check, weight, "I", "O", window, groups);
    ConvCheck.sizes(check, "x", "H", "W", "P", "Q", window);
    check
        .in("bias", bias, "O")
        .mayOut("preactivation", preactivation, "N P Q O")
        .out("y", y, "N P Q O")
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
    return y.length() * (weight.length() / bias.length());
  }
}
