// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * The strength of the association of two columns, of numbers or levels, in the rows that have both
 * values.
 */
public enum Association {
  /**
   * Spearman's rank correlation, of two columns of numbers: -1 to 1. Ranks are those in the whole
   * column, so that with missing values it is near Spearman's of the rows that have both.
   */
  SPEARMAN("rank correlation"),
  /**
   * The correlation ratio of the ranks of numbers given levels, 0 to 1: the root of Kelley's
   * epsilon squared ("An unbiased correlation ratio measure", 1935), which is 0 on average without
   * association.
   */
  CORRELATION_RATIO("correlation ratio"),
  /**
   * Cramer's V of two columns of levels, 0 to 1, with the correction of Bergsma 2013 ("A
   * bias-correction for Cramer's V and Tschuprow's T").
   */
  CRAMERS_V("Cramer's V");

  /** With fewer rows chance is larger than the association. */
  private static final int LEAST_ROWS = 20;

  /** Of the squared distance of equal ranks from their mean. */
  private static final double ROUNDING = 1e-9;

  private final String text;

  Association(String text) {
    this.text = text;
  }

  /**
   * The name for people.
   *
   * @return for example "rank correlation"
   */
  public String text() {
    return text;
  }

  /**
   * The measure of two columns.
   *
   * @param a a column
   * @param b another one
   * @return the measure for their kinds
   */
  public static Association between(MixedColumn a, MixedColumn b) {
    return a.hasLevels() == b.hasLevels()
        ? a.hasLevels() ? CRAMERS_V : SPEARMAN
        : CORRELATION_RATIO;
  }

  /**
   * The association of two columns.
   *
   * @param a ranks, or levels
   * @param b ranks or levels of the same rows
   * @return 0 if one of them has one value only; NaN if fewer than 20 rows have both values
   */
  public static double of(MixedColumn a, MixedColumn b) {
    int both = 0;
    for (int row = 0; row < a.values().length; row++) {
      both += isComplete(a, b, row) ? 1 : 0;
    }
    if (both < LEAST_ROWS) {
      return Double.NaN;
    }
    return switch (between(a, b)) {
      case SPEARMAN -> correlation(a, b, both);
      case CORRELATION_RATIO -> a.hasLevels() ? ratio(b, a, both) : ratio(a, b, both);
      case CRAMERS_V -> cramer(a, b, both);
    };
  }

  private static boolean isComplete(MixedColumn a, MixedColumn b, int row) {
    return !Float.isNaN(a.values()[row]) && !Float.isNaN(b.values()[row]);
  }

  private static double correlation(MixedColumn a, MixedColumn b, int rows) {
    double meanOfA = 0;
    double meanOfB = 0;
    for (int row = 0; row < a.values().length; row++) {
      if (isComplete(a, b, row)) {
        meanOfA += a.values()[row] / rows;
        meanOfB += b.values()[row] / rows;
      }
    }
    double squaresOfA = 0;
    double squaresOfB = 0;
    double products = 0;
    for (int row = 0; row < a.values().length; row++) {
      if (isComplete(a, b, row)) {
        double fromMeanOfA = a.values()[row] - meanOfA;
        double fromMeanOfB = b.values()[row] - meanOfB;
        squaresOfA += fromMeanOfA * fromMeanOfA;
        squaresOfB += fromMeanOfB * fromMeanOfB;
        products += fromMeanOfA * fromMeanOfB;
      }
    }
    if (Math.min(squaresOfA, squaresOfB) < ROUNDING * rows) {
      return 0;
    }
    return Math.max(-1, Math.min(1, products / Math.sqrt(squaresOfA * squaresOfB)));
  }

  private static double ratio(MixedColumn ranks, MixedColumn levels, int rows) {
    double mean = 0;
    double[] sums = new double[levels.levels()];
    long[] counts = new long[levels.levels()];
    for (int row = 0; row < ranks.values().length; row++) {
      if (isComplete(ranks, levels, row)) {
        mean += ranks.values()[row] / rows;
        sums[(int) levels.values()[row]] += ranks.values()[row];
        counts[(int) levels.values()[row]]++;
      }
    }
    double total = 0;
    for (int row = 0; row < ranks.values().length; row++) {
      if (isComplete(ranks, levels, row)) {
        total += (ranks.values()[row] - mean) * (ranks.values()[row] - mean);
      }
    }
    double between = 0;
    for (int level = 0; level < counts.length; level++) {
      if (counts[level] > 0) {
        double distance = sums[level] / counts[level] - mean;
        between += counts[level] * distance * distance;
      }
    }
    int used = used(counts);
    if (total < ROUNDING * rows || used < 2 || used >= rows) {
      return 0;
    }
    double epsilon = 1 - (1 - between / total) * (rows - 1) / (rows - used);
    return Math.sqrt(Math.max(0, Math.min(1, epsilon)));
  }

  private static double cramer(MixedColumn a, MixedColumn b, int rows) {
    long[] first = new long[a.levels()];
    long[] second = new long[b.levels()];
    long[] cells = new long[rows];
    int count = 0;
    for (int row = 0; row < a.values().length; row++) {
      if (isComplete(a, b, row)) {
        int i = (int) a.values()[row];
        int j = (int) b.values()[row];
        cells[count++] = (long) i * b.levels() + j;
        first[i]++;
        second[j]++;
      }
    }
    // Sorted, because a table of all pairs of levels would be large where columns have thousands.
    Arrays.sort(cells);
    double squares = -1;
    for (int from = 0, to = 0; from < rows; from = to) {
      while (to < rows && cells[to] == cells[from]) {
        to++;
      }
      long expected =
          first[(int) (cells[from] / b.levels())] * second[(int) (cells[from] % b.levels())];
      squares += (double) (to - from) * (to - from) / expected;
    }
    double degreesOfA = used(first) - 1;
    double degreesOfB = used(second) - 1;
    double corrected = Math.max(0, squares - degreesOfA * degreesOfB / (rows - 1));
    double most =
        Math.min(
            degreesOfA - degreesOfA * degreesOfA / (rows - 1),
            degreesOfB - degreesOfB * degreesOfB / (rows - 1));
    return most > 0 ? Math.sqrt(Math.min(1, corrected / most)) : 0;
  }

  private static int used(long[] counts) {
    return (int) LongStream.of(counts).filter(count -> count > 0).count();
  }
}
