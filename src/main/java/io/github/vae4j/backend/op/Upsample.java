// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Enlarges an image by whole factors F = P / H and G = Q / W. Nearest: {@code y[n, p, q, c] = x[n,
 * p / F, q / G, c]}, divisions rounded down. Bilinear (pixels are squares, not points; {@code
 * align_corners=False} in PyTorch): y at p is interpolated between the rows around {@code max(0, (p
 * + 0.5) / F - 0.5)}, the last row being repeated, and so for q.
 *
 * @param x FLOAT32 (N, H, W, C)
 * @param y FLOAT32 (N, P, Q, C)
 * @param bilinear whether y is interpolated
 */
public record Upsample(Tensor x, Tensor y, boolean bilinear) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public Upsample {
    Check check = new Check("upsample");
    check.in("x", x, "N H W C").out("y", y, "N P Q C");
    if (check.size("P") % check.size("H") != 0 || check.size("Q") % check.size("W") != 0) {
      throw check.wrong(
          "y", "multiples of " + check.size("H") + " x " + check.size("W") + " pixels", y);
    }
    check.done();
  }
}
