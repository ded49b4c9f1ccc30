// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Window;
import io.github.vae4j.tensor.Tensor;

/**
 * Pooling: {@code y[n, p, q, c]} is the greatest x of the window of (p, q) in channel c, or the sum
 * of the window's x divided by K L, pixels of the padding counting as zeros of the average and not
 * at all in a maximum. A window with a NaN has the maximum NaN.
 *
 * @param x FLOAT32 (N, H, W, C)
 * @param y FLOAT32 (N, P, Q, C), P and Q the window's output sizes
 * @param window kernel (K, L), stride and padding, which is at most half the kernel; dilation 1
 * @param average whether y is the average, else the maximum
 */
public record Pool(Tensor x, Tensor y, Window window, boolean average) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public Pool {
    Check check = new Check("pool");
    check.given("window", window, "a window").in("x", x, "N H W C");
    if (window.dilationHeight() != 1 || window.dilationWidth() != 1) {
      throw check.wrong("window", "a dilation of 1", window);
    } else if (2 * window.paddingHeight() > window.kernelHeight()
        || 2 * window.paddingWidth() > window.kernelWidth()) {
      throw check.wrong("window", "a padding of at most half the kernel", window);
    }
    ConvCheck.sizes(check, "x", "H", "W", "P", "Q", window);
    check.out("y", y, "N P Q C").done();
  }
}
