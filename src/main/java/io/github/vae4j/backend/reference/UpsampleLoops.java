// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Upsample;
import io.github.vae4j.backend.op.UpsampleBackward;
import io.github.vae4j.tensor.Tensor;

/** {@link Upsample} and {@link UpsampleBackward}. */
final class UpsampleLoops {
  private final Tensor x;
  private final Tensor y;
  private final boolean bilinear;

  private UpsampleLoops(Upsample op) {
    x = op.x();
    y = op.y();
    bilinear = op.bilinear();
  }

  /** Two of the input's rows, or columns, and the weight of the second. */
  private record Between(int first, int second, double weight) {
    static Between of(int at, int size, int outputs, boolean bilinear) {
      int factor = outputs / size;
      int first = at / factor;
      if (!bilinear) {
        return new Between(first, first, 0);
      }
      double place = Math.max(0, (at + 0.5) / factor - 0.5);
      first = (int) place;
      return new Between(first, Math.min(first + 1, size - 1), place - first);
    }
  }

  /** Receives an element of x and the weight that an element of y gives to it. */
  @FunctionalInterface
  private interface Visitor {
    void accept(int at, double weight);
  }

  static Runnable forward(Upsample op) {
    UpsampleLoops loops = new UpsampleLoops(op);
    Floats from = Floats.of(op.x());
    Floats to = Floats.of(op.y());
    return () -> {
      for (int i = 0; i < to.length(); i++) {
        double[] sum = new double[1];
        loops.each(i, (at, weight) -> sum[0] += weight * from.get(at));
        to.set(i, sum[0]);
      }
    };
  }

  static Runnable backward(UpsampleBackward op) {
    UpsampleLoops loops = new UpsampleLoops(op.forward());
    Floats dy = Floats.of(op.dy());
    Floats dx = Floats.of(op.dx());
    return () -> {
      double[] sums = new double[dx.length()];
      for (int i = 0; i < dy.length(); i++) {
        double own = dy.get(i);
        loops.each(i, (at, weight) -> sums[at] += weight * own);
      }
      for (int i = 0; i < sums.length; i++) {
        dx.set(i, sums[i]);
      }
    };
  }

  /** The elements of x that an element of y is interpolated between; those of weight 0 not. */
  private void each(int i, Visitor visitor) {
    int channels = x.dim(3);
    int image = i / channels / y.dim(2) / y.dim(1);
    Between row = Between.of(i / channels / y.dim(2) % y.dim(1), x.dim(1), y.dim(1), bilinear);
    Between column = Between.of(i / channels % y.dim(2), x.dim(2), y.dim(2), bilinear);
    for (int k = 0; k < 2; k++) {
      double high = k == 0 ? 1 - row.weight : row.weight;
      int r = image * x.dim(1) + (k == 0 ? row.first : row.second);
      for (int l = 0; l < 2; l++) {
        double wide = l == 0 ? 1 - column.weight : column.weight;
        int pixel = r * x.dim(2) + (l == 0 ? column.first : column.second);
        if (high * wide != 0) {
          visitor.accept(pixel * channels + i % channels, high * wide);
        }
      }
    }
  }
}
