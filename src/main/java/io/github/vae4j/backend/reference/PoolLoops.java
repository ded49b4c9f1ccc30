// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.Window;
import io.github.vae4j.backend.op.Pool;
import io.github.vae4j.backend.op.PoolBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.function.IntConsumer;

/** {@link Pool} and {@link PoolBackward}. */
final class PoolLoops {
  private final Tensor x;
  private final Tensor y;
  private final Window window;
  private final int channels;

  private PoolLoops(Pool op) {
    x = op.x();
    y = op.y();
    window = op.window();
    channels = x.dim(3);
  }

  static Runnable forward(Pool op) {
    PoolLoops pool = new PoolLoops(op);
    Floats from = Floats.of(op.x());
    Floats to = Floats.of(op.y());
    return () -> {
      for (int i = 0; i < to.length(); i++) {
        if (op.average()) {
          double[] sum = new double[1];
          pool.each(i, at -> sum[0] += from.get(at));
          to.set(i, sum[0] / pool.pixels());
        } else {
          to.set(i, from.get(pool.greatest(from, i)));
        }
      }
    };
  }

  static Runnable backward(PoolBackward op) {
    PoolLoops pool = new PoolLoops(op.forward());
    Floats from = Floats.of(op.forward().x());
    Floats dy = Floats.of(op.dy());
    Floats dx = Floats.of(op.dx());
    return () -> {
      double[] sums = new double[dx.length()];
      for (int i = 0; i < dy.length(); i++) {
        double own = dy.get(i);
        if (op.forward().average()) {
          pool.each(i, at -> sums[at] += own / pool.pixels());
        } else {
          sums[pool.greatest(from, i)] += own;
        }
      }
      for (int i = 0; i < sums.length; i++) {
        dx.set(i, sums[i]);
      }
    };
  }

  /** The pixels of a window, with those of the padding. */
  private int pixels() {
    return window.kernelHeight() * window.kernelWidth();
  }

  /** The elements of x in the window of an element of y, by rows, then columns. */
  private void each(int i, IntConsumer visitor) {
    int channel = i % channels;
    int q = i / channels % y.dim(2);
    int p = i / channels / y.dim(2) % y.dim(1);
    int image = i / channels / y.dim(2) / y.dim(1);
    for (int k = 0; k < window.kernelHeight(); k++) {
      int row = p * window.strideHeight() - window.paddingHeight() + k;
      for (int l = 0; l < window.kernelWidth() && row >= 0 && row < x.dim(1); l++) {
        int column = q * window.strideWidth() - window.paddingWidth() + l;
        if (column >= 0 && column < x.dim(2)) {
          visitor.accept(((image * x.dim(1) + row) * x.dim(2) + column) * channels + channel);
        }
      }
    }
  }

  /** The first of the greatest elements of a window; NaN counts as greater than any number. */
  private int greatest(Floats from, int i) {
    int[] best = {-1};
    each(
        i,
        at -> {
          double own = from.get(at);
          double most = best[0] < 0 ? Double.NEGATIVE_INFINITY : from.get(best[0]);
          if (best[0] < 0 || own > most || (Double.isNaN(own) && !Double.isNaN(most))) {
            best[0] = at;
          }
        });
    return best[0];
  }
}
