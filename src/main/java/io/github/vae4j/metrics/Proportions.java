// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/** Two shares, of a property among the rows of two samples. */
public final class Proportions {
  /** Least expected count for which the normal approximation is used, as is customary. */
  static final double LEAST_EXPECTED = 5;

  /** Outcomes that are as probable as the observed one, but for rounding, count as such. */
  private static final double AS_PROBABLE = 1 + 1e-7;

  private static final double NEGLIGIBLE = 1e-20;

  private Proportions() {}

  /**
   * Tests whether two shares are equal: by the pooled z test (its square is the statistic, that of
   * chi-squared), or where an expected count is below 5 by Fisher's exact test, two-sided.
   *
   * @param before rows of the first sample with the property
   * @param rowsBefore all rows of the first sample
   * @param now rows of the second sample with the property
   * @param rowsNow all rows of the second sample
   * @return none if all rows, or no rows, have the property, or a sample is empty
   */
  public static TestResult test(long before, long rowsBefore, long now, long rowsNow) {
    double total = (double) rowsBefore + rowsNow;
    double with = (double) before + now;
    if (rowsBefore == 0 || rowsNow == 0 || with == 0 || with == total) {
      return TestResult.NONE;
    }
    double rare = Math.min(with, total - with);
    double expected = rare * Math.min(rowsBefore, rowsNow) / total;
    double pooled = with / total;
    double gap = (double) now / rowsNow - (double) before / rowsBefore;
    double variance = pooled * (1 - pooled) * (1.0 / rowsBefore + 1.0 / rowsNow);
    double statistic = gap * gap / variance;
    return new TestResult(
        statistic,
        expected < LEAST_EXPECTED
            ? fisher(before, rowsBefore, now, rowsNow)
            : ChiSquaredTail.upper(1, statistic));
  }

  /**
   * The probability of all outcomes that are at most as probable as this one, given the margins.
   * The hypergeometric probabilities follow from their ratios.
   */
  private static double fisher(long before, long rowsBefore, long now, long rowsNow) {
    long with = before + now;
    long least = Math.max(0, with - rowsBefore);
    long most = Math.min(with, rowsNow);
    double[] up = walk(now, most, with, rowsBefore, rowsNow);
    double[] down = walk(now, least, with, rowsBefore, rowsNow);
    return Math.min(1, (1 + up[0] + down[0]) / (1 + up[1] + down[1]));
  }

  /**
   * The sums, over the outcomes from the observed one to an end, of probabilities relative to that
   * of the observed one: of those at most as probable, and of all.
   */
  private static double[] walk(long from, long to, long with, long rowsBefore, long rowsNow) {
    double ratio = 1;
    double rare = 0;
    double all = 0;
    for (long k = from; k != to; ) {
      if (to > from) {
        ratio *= (double) (with - k) / (k + 1) * (rowsNow - k) / (rowsBefore - with + k + 1);
        k++;
      } else {
        ratio *= (double) k / (with - k + 1) * (rowsBefore - with + k) / (rowsNow - k + 1);
        k--;
      }
      all += ratio;
      rare += ratio <= AS_PROBABLE ? ratio : 0;
      if (ratio < NEGLIGIBLE) {
        break;
      }
    }
    return new double[] {rare, all};
  }
}
