// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.numeric.Elementary;
import java.util.Arrays;

/** The map of a {@link Scaling}, from a column's values x to a model's values y. */
public interface ScalingMap {
  /**
   * The model's value.
   *
   * @param x a column's value
   * @return y, at most {@link Scaling#FARTHEST} from 0
   */
  double toModel(double x);

  /**
   * The column's value.
   *
   * @param y the model's value
   * @return x, finite
   */
  double fromModel(double y);

  /**
   * The logarithm of the map's slope, which a log density of y lacks to one of x.
   *
   * @param x a column's value
   * @return log dy/dx, nats
   */
  double logSlope(double x);

  private static double near(double y) {
    return Math.max(-Scaling.FARTHEST, Math.min(Scaling.FARTHEST, y));
  }

  private static double finite(double x) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, x));
  }

  /** {@code y = (x - center) / scale}. */
  record Linear(double center, double scale) implements ScalingMap {
    @Override
    public double toModel(double x) {
      return near((x - center) / scale);
    }

    @Override
    public double fromModel(double y) {
      return finite(y * scale + center);
    }

    @Override
    public double logSlope(double x) {
      return -Elementary.log(scale);
    }
  }

  /** {@code y = (log(x + offset) - center) / scale}. */
  record Logarithmic(double offset, double center, double scale) implements ScalingMap {
    private double positive(double x) {
      return Math.min(Math.max(x + offset, Double.MIN_NORMAL), Double.MAX_VALUE);
    }

    @Override
    public double toModel(double x) {
      return near((Elementary.log(positive(x)) - center) / scale);
    }

    @Override
    public double fromModel(double y) {
      return finite(Elementary.exp(y * scale + center) - offset);
    }

    @Override
    public double logSlope(double x) {
      return -Elementary.log(scale) - Elementary.log(positive(x));
    }
  }

  /** Linear between knots, and beyond them with the slope 1 / scale. */
  @SuppressWarnings("ArrayRecordComponent")
  record Knots(double scale, double[] knots, double[] scores) implements ScalingMap {
    @Override
    public double toModel(double x) {
      return near(interpolated(knots, scores, x, 1 / scale));
    }

    @Override
    public double fromModel(double y) {
      int above = Arrays.binarySearch(scores, y);
      above = above >= 0 ? above : -above - 1;
      for (int i = Math.max(0, above - 1); i <= Math.min(above, scores.length - 1); i++) {
        // Rounded to float32: else the value of a knot would often be on the side of the knot with
        // the other slope.
        if ((float) scores[i] == (float) y) {
          return knots[i];
        }
      }
      return finite(interpolated(scores, knots, y, scale));
    }

    private static double interpolated(double[] from, double[] to, double at, double slope) {
      int last = from.length - 1;
      if (at <= from[0]) {
        return to[0] + (at - from[0]) * slope;
      }
      if (at >= from[last]) {
        return to[last] + (at - from[last]) * slope;
      }
      int below = below(from, at);
      double part = (at - from[below]) / (from[below + 1] - from[below]);
      return to[below] + part * (to[below + 1] - to[below]);
    }

    /** The knot at or below a value between the first and the last one. */
    private static int below(double[] from, double at) {
      int found = Arrays.binarySearch(from, at);
      return found >= 0 ? found : -found - 2;
    }

    @Override
    public double logSlope(double x) {
      if (x <= knots[0] || x >= knots[knots.length - 1]) {
        return -Elementary.log(scale);
      }
      int below = below(knots, x);
      return Elementary.log(scores[below + 1] - scores[below])
          - Elementary.log(knots[below + 1] - knots[below]);
    }
  }
}
