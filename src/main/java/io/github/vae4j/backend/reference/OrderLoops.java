// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.PixelShuffle;
import io.github.vae4j.backend.op.SwapAxes;
import io.github.vae4j.tensor.Tensor;

/** The ops that change the order of values: {@link PixelShuffle} and {@link SwapAxes}. */
final class OrderLoops {
  private OrderLoops() {}

  static Runnable pixelShuffle(PixelShuffle op) {
    Floats x = Floats.of(op.x());
    Floats y = Floats.of(op.y());
    Tensor packed = op.packed();
    Tensor image = op.image();
    int height = packed.dim(1);
    int width = packed.dim(2);
    int depth = packed.dim(3);
    int f = image.dim(1) / height;
    int g = image.dim(2) / width;
    int channels = image.dim(3);
    return () -> {
      for (int i = 0; i < y.length(); i++) {
        // The place in the larger image, row by row; rows of all images are counted through.
        int c = i % channels;
        int q = i / channels % image.dim(2);
        int p = i / channels / image.dim(2);
        int pixel = p / f * width + q / g;
        int at = pixel * depth + (c * f + p % f) * g + q % g;
        y.set(op.inverse() ? at : i, x.get(op.inverse() ? i : at));
      }
    };
  }

  static Runnable swapAxes(SwapAxes op) {
    Floats x = Floats.of(op.x());
    Floats y = Floats.of(op.y());
    int images = op.x().dim(0);
    int as = op.x().dim(1);
    int bs = op.x().dim(2);
    int cs = op.x().dim(3);
    return () -> {
      for (int n = 0; n < images; n++) {
        for (int a = 0; a < as; a++) {
          for (int b = 0; b < bs; b++) {
            for (int c = 0; c < cs; c++) {
              y.set(((n * bs + b) * as + a) * cs + c, x.get(((n * as + a) * bs + b) * cs + c));
            }
          }
        }
      }
    };
  }
}
