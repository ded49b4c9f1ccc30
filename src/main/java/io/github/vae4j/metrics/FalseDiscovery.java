// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The control of the share of false discoveries among many tests, by Benjamini and Hochberg 1995,
 * "Controlling the false discovery rate".
 */
public final class FalseDiscovery {
  private FalseDiscovery() {}

  /**
   * The q-values of tests: those with a q-value of at most alpha have an expected share of false
   * discoveries of at most alpha.
   *
   * @param pValues of the tests; NaN for one that was not made
   * @return q-values in the same order, NaN for NaN
   */
  public static double[] adjust(double[] pValues) {
    double[] adjusted = new double[pValues.length];
    Arrays.fill(adjusted, Double.NaN);
    int[] largestFirst =
        IntStream.range(0, pValues.length)
            .filter(i -> !Double.isNaN(pValues[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -pValues[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double least = 1;
    for (int i = 0; i < largestFirst.length; i++) {
      int rank = largestFirst.length - i;
      least = Math.min(least, pValues[largestFirst[i]] * largestFirst.length / rank);
      adjusted[largestFirst[i]] = least;
    }
    return adjusted;
  }
}
