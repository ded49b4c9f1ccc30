// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Exchanges two dimensions: {@code y[n, b, a, c] = x[n, a, b, c]}. It changes an image from
 * channels last to channels first (A pixels, B channels, C = 1) and back, and brings the parameters
 * of each pixel into the order of a likelihood. The gradient is the same op on dy.
 *
 * @param x FLOAT32 (N, A, B, C)
 * @param y FLOAT32 (N, B, A, C)
 */
public record SwapAxes(Tensor x, Tensor y) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public SwapAxes {
    new Check("swapAxes").in("x", x, "N A B C").out("y", y, "N B A C").done();
  }
}
