// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Statistics of the numbers of rows of two samples in each of several levels. */
public final class LevelCounts {
  private LevelCounts() {}

  /**
   * Pearson's chi-squared test of homogeneity. Levels with an expected count below 5 in a sample
   * are one cell, which is joined with the smallest other one where it still is below 5. If no two
   * cells are left, the level with most rows is tested against the others by {@link Proportions}.
   *
   * @param before rows of the first sample in each level
   * @param now rows of the second sample in the same levels
   * @return the statistic and its p-value; none if a sample is empty, or all rows are in one level
   */
  public static TestResult test(long[] before, long[] now) {
    long rowsBefore = LongStream.of(before).sum();
    long rowsNow = LongStream.of(now).sum();
    if (rowsBefore == 0 || rowsNow == 0) {
      return TestResult.NONE;
    }
    double least =
        Proportions.LEAST_EXPECTED
            * ((double) rowsBefore + rowsNow)
            / Math.min(rowsBefore, rowsNow);
    List<Integer> largestFirst =
        IntStream.range(0, before.length)
            .boxed()
            .sorted(Comparator.comparingLong(i -> -(before[i] + now[i])))
            .toList();
    int large = (int) largestFirst.stream().filter(i -> before[i] + now[i] >= least).count();
    long[] cellsBefore = new long[large + 1];
    long[] cellsNow = new long[large + 1];
    for (int i = 0; i < largestFirst.size(); i++) {
      cellsBefore[Math.min(i, large)] += before[largestFirst.get(i)];
      cellsNow[Math.min(i, large)] += now[largestFirst.get(i)];
    }
    int cells = large + 1;
    if (large > 0 && cellsBefore[large] + cellsNow[large] < least) {
      cellsBefore[large - 1] += cellsBefore[large];
      cellsNow[large - 1] += cellsNow[large];
      cells--;
    }
    if (cells < 2) {
      int first = largestFirst.get(0);
      return Proportions.test(before[first], rowsBefore, now[first], rowsNow);
    }
    double statistic = 0;
    for (int i = 0; i < cells; i++) {
      double all = (double) cellsBefore[i] + cellsNow[i];
      statistic +=
          term((double) cellsBefore[i], all * rowsBefore / ((double) rowsBefore + rowsNow))
              + term((double) cellsNow[i], all * rowsNow / ((double) rowsBefore + rowsNow));
    }
    return new TestResult(statistic, ChiSquaredTail.upper(cells - 1, statistic));
  }

  private static double term(double observed, double expected) {
    return (observed - expected) * (observed - expected) / expected;
  }

  /**
   * The total variation distance of two samples: half the sum of the absolute differences of their
   * shares.
   *
   * @param before rows of the first sample in each level
   * @param now rows of the second sample in the same levels
   * @return 0 to 1; NaN if a sample is empty
   */
  public static double totalVariation(long[] before, long[] now) {
    double rowsBefore = LongStream.of(before).sum();
    double rowsNow = LongStream.of(now).sum();
    double sum = 0;
    for (int i = 0; i < before.length; i++) {
      sum += Math.abs(before[i] / rowsBefore - now[i] / rowsNow);
    }
    return sum / 2;
  }

  /**
   * The population stability index: the sum of (q - p) log(q / p) over the levels, for their shares
   * p before and q now. Each count is raised by a half, so that no share is 0; levels without rows
   * in both samples do not count.
   *
   * @param before rows of the first sample in each level
   * @param now rows of the second sample in the same levels
   * @return 0 for equal shares; NaN if a sample is empty
   */
  public static double stability(long[] before, long[] now) {
    double totalBefore = 0;
    double totalNow = 0;
    boolean empty = true;
    boolean emptyNow = true;
    for (int i = 0; i < before.length; i++) {
      if (before[i] + now[i] > 0) {
        totalBefore += before[i] + 0.5;
        totalNow += now[i] + 0.5;
        empty &= before[i] == 0;
        emptyNow &= now[i] == 0;
      }
    }
    if (empty || emptyNow) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = 0; i < before.length; i++) {
      if (before[i] + now[i] > 0) {
        double p = (before[i] + 0.5) / totalBefore;
        double q = (now[i] + 0.5) / totalNow;
        sum += (q - p) * Math.log(q / p);
      }
    }
    return sum;
  }
}
