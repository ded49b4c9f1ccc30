// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.anomaly;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Maps a column by its ranks to a normal distribution. The normal score of a value of mean rank r
 * (from 0) among n is the quantile of (r + 0.5) / n; other values have scores by linear
 * interpolation, those beyond the range by their distance from it in standard deviations, 20 at
 * most.
 */
public final class NormalScores implements DoubleUnaryOperator {
  private static final double FARTHEST = 20;

  private final double[] values;
  private final double[] scores;
  private final double deviation;

  /**
   * Fits the map.
   *
   * @param column values that are not all equal
   */
  public NormalScores(double[] column) {
    double[] sorted = column.clone();
    Arrays.sort(sorted);
    values = Arrays.stream(sorted).distinct().toArray();
    scores = new double[values.length];
    int first = 0;
    for (int i = 0; i < values.length; i++) {
      int end = first;
      while (end < sorted.length && sorted[end] == values[i]) {
        end++;
      }
      scores[i] = quantile((first + end) / 2.0 / sorted.length);
      first = end;
    }
    deviation = Columns.deviation(column);
  }

  @Override
  public double applyAsDouble(double x) {
    int last = values.length - 1;
    if (x <= values[0]) {
      return scores[0] - Math.min(FARTHEST, (values[0] - x) / deviation);
    } else if (x >= values[last]) {
      return scores[last] + Math.min(FARTHEST, (x - values[last]) / deviation);
    }
    int found = Arrays.binarySearch(values, x);
    if (found >= 0) {
      return scores[found];
    }
    int next = -found - 1;
    double share = (x - values[next - 1]) / (values[next] - values[next - 1]);
    return scores[next - 1] + share * (scores[next] - scores[next - 1]);
  }

  /** The quantile of the standard normal distribution: Acklam's approximation, relative 1.2e-9. */
  static double quantile(double p) {
    if (p > 0.5) {
      return -quantile(1 - p);
    }
    if (p < 0.02425) {
      double q = Math.sqrt(-2 * Math.log(p));
      return polynomial(
              q,
              -7.784894002430293e-03,
              -3.223964580411365e-01,
              -2.400758277161838e+00,
              -2.549732539343734e+00,
              4.374664141464968e+00,
              2.938163982698783e+00)
          / polynomial(
              q,
              7.784695709041462e-03,
              3.224671290700398e-01,
              2.445134137142996e+00,
              3.754408661907416e+00,
              1);
    }
    double q = p - 0.5;
    double r = q * q;
    return q
        * polynomial(
            r,
            -3.969683028665376e+01,
            2.209460984245205e+02,
            -2.759285104469687e+02,
            1.383577518672690e+02,
            -3.066479806614716e+01,
            2.506628277459239e+00)
        / polynomial(
            r,
            -5.447609879822406e+01,
            1.615858368580409e+02,
            -1.556989798598866e+02,
            6.680131188771972e+01,
            -1.328068155288572e+01,
            1);
  }

  /** By Horner's rule, the coefficient of the highest power first. */
  private static double polynomial(double x, double... coefficients) {
    double sum = 0;
    for (double coefficient : coefficients) {
      sum = sum * x + coefficient;
    }
    return sum;
  }
}
