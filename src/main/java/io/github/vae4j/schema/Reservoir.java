// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A uniform sample of values that come one after the other: all of them if they are few. */
final class Reservoir {
  private final int most;
  private final RandomGenerator random;
  private double[] values;
  private long seen;

  Reservoir(int most, RandomGenerator random) {
    this.most = most;
    this.random = random;
    this.values = new double[Math.min(most, 64)];
  }

  void add(double value) {
    long at = seen < most ? seen : random.nextLong(seen + 1);
    seen++;
    if (at < most) {
      if (at >= values.length) {
        values = Arrays.copyOf(values, (int) Math.min(most, 2L * values.length));
      }
      values[(int) at] = value;
    }
  }

  /** The number of values that came. */
  long seen() {
    return seen;
  }

  double[] sorted() {
    double[] sorted = Arrays.copyOf(values, (int) Math.min(seen, most));
    Arrays.sort(sorted);
    return sorted;
  }
}
