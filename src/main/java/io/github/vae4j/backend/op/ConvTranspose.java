// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Window;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A transposed convolution: the gradient of a {@link Conv} from (P, Q) to (H, W) pixels by its
 * input. With J = O / groups, {@code first(i) = (i / (I / groups)) J} and the window's stride,
 * padding and dilation as there, {@code v[n, p, q, first(i) + j] = bias[first(i) + j] + sum x[n, h,
 * w, i] weight[i, k, l, j]} over all i of the group and all h, w, k, l with {@code h sh - ph + k dh
 * = p} and {@code w sw - pw + l dw = q}; {@code y = activation(v)}.
 *
 * @param x FLOAT32 (N, H, W, I)
 * @param weight FLOAT32 (I, K, L, J), K and L the window's kernel
 * @param bias FLOAT32 (O)
 * @param preactivation FLOAT32 (N, P, Q, O), receives v; null exactly if the activation does not
 *     {@link Activation#needsPreactivation}
 * @param y FLOAT32 (N, P, Q, O); the window's output sizes for P and Q are H and W
 * @param window kernel, stride, padding and dilation of the convolution from y to x
 * @param groups a divisor of I and O
 * @param activation the function
 */
public record ConvTranspose(
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
  public ConvTranspose {
    Check check = new Check("convTranspose");
    ConvCheck.settings(check, window, groups, activation, preactivation);
    check.out("y", y, "N P Q O");
    ConvCheck.weight(check, weight, "O", "I", window, groups);
    ConvCheck.sizes(check, "y", "P", "Q", "H", "W", window);
    check
        .in("x", x, "N H W I")
        .in("bias", bias, "O")
        .mayOut("preactivation", preactivation, "N P Q O")
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
    return x.length() * (weight.length() / x.dim(3));
  }
}
