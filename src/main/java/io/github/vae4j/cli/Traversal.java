// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.random.NormalQuantile;
import io.github.vae4j.tensor.Matrix;
import java.util.List;

/** Codes that vary one or two latent dimensions, to show their meaning. */
final class Traversal {
  private Traversal() {}

  /**
   * A line of codes for each dimension: the start with that dimension going from -range to range.
   *
   * @param start Z values
   * @param dimensions the varied dimensions, in the order of the lines
   * @param steps codes in a line, at least 2
   * @param range the greatest value
   * @return (dimensions * steps, Z), line after line
   */
  static Matrix lines(float[] start, List<Integer> dimensions, int steps, double range) {
    Matrix codes = Matrix.zeros(dimensions.size() * steps, start.length);
    int row = 0;
    for (int dimension : dimensions) {
      for (int step = 0; step < steps; step++) {
        int at = row++ * start.length;
        System.arraycopy(start, 0, codes.values(), at, start.length);
        codes.values()[at + dimension] = (float) value(step, steps, range);
      }
    }
    return codes;
  }

  /**
   * The value of the varied dimension.
   *
   * @param step from 0 to steps - 1
   * @param steps codes in a line, at least 2
   * @param range the greatest value
   * @return from -range to range
   */
  static double value(int step, int steps, double range) {
    return -range + 2 * range * step / (steps - 1);
  }

  /**
   * A square map of two latent dimensions (Kingma and Welling 2014, figure 4): quantiles of the
   * standard normal at the midpoints of intervals of equal probability; the first dimension
   * increases to the right, the second upwards.
   *
   * @param side codes in a line
   * @return (side * side, 2), line after line from the top
   */
  static Matrix map(int side) {
    Matrix codes = Matrix.zeros(side * side, 2);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int at = 2 * (y * side + x);
        codes.values()[at] = (float) NormalQuantile.of((x + 0.5) / side);
        codes.values()[at + 1] = (float) NormalQuantile.of((side - y - 0.5) / side);
      }
    }
    return codes;
  }
}
