// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.Arrays;

/**
 * The ranks of new values among those of a reference. Only counts are kept: of the values at, and
 * between, those of the reference. The statistics are exact for any number of new values, and do
 * not depend on their order.
 */
public final class RankCounts {
  /** Different values, in increasing order. */
  private final double[] points;

  /** For each point the number of the reference's values that are at most the point. */
  private final long[] upTo;

  private final long given;
  private final double size;
  private final long[] below;
  private final long[] at;
  private long count;

  /**
   * Counts of no values.
   *
   * @param reference values of the reference, or quantiles of them
   * @param size the number of values of the reference, at least that of the quantiles
   */
  public RankCounts(double[] reference, long size) {
    // The two zeros are one value.
    double[] sorted = Arrays.stream(reference).map(value -> value + 0.0).sorted().toArray();
    int different = 0;
    long[] last = new long[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[different - 1]) {
        sorted[different++] = sorted[i];
      }
      last[different - 1] = i + 1L;
    }
    points = Arrays.copyOf(sorted, different);
    upTo = Arrays.copyOf(last, different);
    given = reference.length;
    this.size = Math.max(size, given);
    below = new long[different + 1];
    at = new long[different];
  }

  /**
   * Counts a value.
   *
   * @param value not NaN
   */
  public void add(double value) {
    int found = Arrays.binarySearch(points, value + 0.0);
    if (found >= 0) {
      at[found]++;
    } else {
      below[-found - 1]++;
    }
    count++;
  }

  /**
   * The number of values.
   *
   * @return those that were counted
   */
  public long count() {
    return count;
  }

  /**
   * The two-sample test of Kolmogorov and Smirnov. The p-value is that of Kolmogorov's distribution
   * at sqrt(n m / (n + m)) D, which is too large rather than too small for few values and for ties.
   * If the reference is given by quantiles, D is less their half step there, the most that they
   * differ from its distribution.
   *
   * @return the statistic D and its p-value; none if there are no values
   */
  public TestResult kolmogorovSmirnov() {
    if (count == 0 || given == 0) {
      return TestResult.NONE;
    }
    double most = 0;
    long values = 0;
    long references = 0;
    for (int i = 0; i < points.length; i++) {
      values += below[i];
      most = Math.max(most, gap(values, references));
      values += at[i];
      references = upTo[i];
      most = Math.max(most, gap(values, references));
    }
    double step = size > given ? 0.5 / given : 0;
    double effective = Math.sqrt(count * (size / (count + size)));
    return new TestResult(most, Kolmogorov.upper(effective * Math.max(0, most - step)));
  }

  private double gap(long values, long references) {
    return Math.abs((double) values / count - (double) references / given);
  }

  /**
   * The population stability index of bins that the reference's quantiles bound, see {@link
   * LevelCounts#stability}. Equal quantiles bound one bin.
   *
   * @param bins for example 10, for deciles
   * @return 0 for equal shares; NaN if there are no values
   */
  public double stability(int bins) {
    long[] before = new long[bins];
    long[] now = new long[bins];
    long values = 0;
    long references = 0;
    int bin = 0;
    for (int i = 0; i < points.length; i++) {
      values += below[i] + at[i];
      references = upTo[i];
      boolean ends = references * bins >= (bin + 1) * given && bin < bins - 1;
      if (ends) {
        before[bin] = references;
        now[bin] = values;
        // The next quantile that is above this point.
        bin = (int) Math.min(bins - 1, references * bins / given);
      }
    }
    before[bins - 1] = given;
    now[bins - 1] = count;
    return LevelCounts.stability(differences(before), differences(now));
  }

  /** The counts of bins from the counts up to their ends; a bin without an end is empty. */
  private static long[] differences(long[] upTo) {
    long[] counts = new long[upTo.length];
    long last = 0;
    for (int i = 0; i < upTo.length; i++) {
      long end = Math.max(last, upTo[i]);
      counts[i] = end - last;
      last = end;
    }
    return counts;
  }
}
