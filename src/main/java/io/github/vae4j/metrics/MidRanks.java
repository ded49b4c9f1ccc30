// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.Arrays;

/** Ranks among values, from 1. Equal values have the mean of their ranks. */
public final class MidRanks {
  private final double[] sorted;

  /**
   * The ranks of values.
   *
   * @param values NaN has no rank and does not count; infinite ones have their place in the order
   */
  public MidRanks(double[] values) {
    // Of the two zeros, sorting would put -0.0 first.
    double[] all = Arrays.stream(values).map(value -> value + 0.0).sorted().toArray();
    int count = all.length;
    while (count > 0 && Double.isNaN(all[count - 1])) {
      count--;
    }
    sorted = Arrays.copyOf(all, count);
  }

  /**
   * The number of values.
   *
   * @return those that are not NaN
   */
  public int count() {
    return sorted.length;
  }

  /**
   * The rank of a value.
   *
   * @param value one of the values or another one, not NaN
   * @return the number of smaller values, and half of 1 + the number of equal ones
   */
  public double rank(double value) {
    int below = firstFrom(value + 0.0);
    int end = below;
    if (below < sorted.length && sorted[below] == value) {
      end = value == Double.POSITIVE_INFINITY ? sorted.length : firstFrom(Math.nextUp(value + 0.0));
    }
    return below + (1.0 + end - below) / 2;
  }

  /**
   * The share of values that are smaller, where equal ones count half.
   *
   * @param value one of the values or another one, not NaN
   * @return 0 to 1; NaN if there are no values
   */
  public double shareBelow(double value) {
    return (rank(value) - 0.5) / sorted.length;
  }

  /** The position of the first value that is at least as large. */
  private int firstFrom(double value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The ranks of values among themselves.
   *
   * @param values NaN has no rank
   * @return the rank of each value; NaN for NaN
   */
  public static float[] of(float[] values) {
    double[] numbers = new double[values.length];
    Arrays.setAll(numbers, i -> values[i]);
    MidRanks ranks = new MidRanks(numbers);
    float[] found = new float[values.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = Float.isNaN(values[i]) ? Float.NaN : (float) ranks.rank(values[i]);
    }
    return found;
  }
}
