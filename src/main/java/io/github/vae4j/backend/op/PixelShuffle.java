// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Sub-pixel rearrangement (Shi et al. 2016), with PyTorch's order of channels: with F = P / H and G
 * = Q / W, {@code y[n, h F + i, w G + j, c] = x[n, h, w, (c F + i) G + j]}. The gradient is the
 * same op on dy in the opposite direction.
 *
 * @param x FLOAT32 (N, H, W, C F G); in the opposite direction (N, P, Q, C)
 * @param y FLOAT32 (N, P, Q, C); in the opposite direction (N, H, W, C F G)
 * @param inverse whether the direction is the opposite one: {@code x} has the larger image
 */
public record PixelShuffle(Tensor x, Tensor y, boolean inverse) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public PixelShuffle {
    Check check = new Check("pixelShuffle");
    if (inverse) {
      check.in("x", x, "N P Q C").out("y", y, "N H W D");
    } else {
      check.in("x", x, "N H W D").out("y", y, "N P Q C");
    }
    int height = check.size("H");
    int width = check.size("W");
    boolean multiple = check.size("P") % height == 0 && check.size("Q") % width == 0;
    long channels = (long) (check.size("P") / height) * (check.size("Q") / width) * check.size("C");
    if (!multiple || channels != check.size("D")) {
      throw check.wrong("y", "the values of " + x + " in blocks of whole pixels", y);
    }
    check.done();
  }

  /**
   * The tensor of the smaller image, with more channels.
   *
   * @return (N, H, W, C F G)
   */
  public Tensor packed() {
    return inverse ? y : x;
  }

  /**
   * The tensor of the larger image.
   *
   * @return (N, P, Q, C)
   */
  public Tensor image() {
    return inverse ? x : y;
  }
}
