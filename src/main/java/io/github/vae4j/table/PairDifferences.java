// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.metrics.Association;
import io.github.vae4j.metrics.MidRanks;
import io.github.vae4j.metrics.MixedColumn;
import io.github.vae4j.metrics.Moments;
import io.github.vae4j.random.Permutation;
import io.github.vae4j.schema.RowDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The differences of the associations of pairs of columns. All pairs of up to 100 columns are
 * compared, and 5,000 pairs of more columns: those that are next to each other in a circle, whose
 * order is drawn by a seed, then those with one column between them, and so on. Each column is thus
 * in as many pairs as any other, give or take two.
 *
 * @param possible the number of pairs of columns
 * @param mean the mean absolute difference; NaN without a pair
 * @param ofTraining the same of as many training rows; NaN if they are not known
 * @param pairs those that were compared and have 20 rows with both values in both tables
 */
public record PairDifferences(long possible, double mean, double ofTraining, List<Pair> pairs) {
  private static final int MOST_PAIRS = 5_000;

  /** Copies the list. {@inheritDoc} */
  public PairDifferences {
    pairs = List.copyOf(pairs);
  }

  /**
   * The association of two columns.
   *
   * @param first a column
   * @param second another one
   * @param measure of the association
   * @param real in the real rows
   * @param synthetic in the synthetic rows
   */
  public record Pair(
      String first, String second, Association measure, double real, double synthetic) {
    /**
     * The difference of the associations.
     *
     * @return 0 to 2 of two columns of numbers, else 0 to 1
     */
    public double difference() {
      return Math.abs(synthetic - real);
    }
  }

  /**
   * The pair with the largest difference.
   *
   * @return the first of equal ones; null without a pair
   */
  public @Nullable Pair largest() {
    return pairs.stream().max(Comparator.comparingDouble(Pair::difference)).orElse(null);
  }

  /** The numbers of two columns. */
  private record Numbers(int first, int second) {}

  static PairDifferences of(
      RowDecoder decoder,
      ComparedRows synthetic,
      ComparedRows real,
      @Nullable ComparedRows training,
      long seed) {
    List<Numbers> compared = compared(decoder.columns(), seed);
    double[] ofReal = associations(real, compared);
    double[] ofSynthetic = associations(synthetic, compared);
    double[] ofTraining = training == null ? null : associations(training, compared);
    List<MixedColumn> columns = real.columns();
    List<Pair> pairs = new ArrayList<>();
    Moments differences = new Moments();
    Moments trainingDifferences = new Moments();
    for (int i = 0; i < ofReal.length; i++) {
      if (Double.isNaN(ofReal[i]) || Double.isNaN(ofSynthetic[i])) {
        continue;
      }
      Numbers own = compared.get(i);
      Pair pair =
          new Pair(
              decoder.column(own.first).name(),
              decoder.column(own.second).name(),
              Association.between(columns.get(own.first), columns.get(own.second)),
              ofReal[i],
              ofSynthetic[i]);
      pairs.add(pair);
      differences.add(pair.difference());
      if (ofTraining != null && !Double.isNaN(ofTraining[i])) {
        trainingDifferences.add(Math.abs(ofTraining[i] - ofReal[i]));
      }
    }
    long possible = (long) decoder.columns() * (decoder.columns() - 1) / 2;
    return new PairDifferences(possible, differences.mean(), trainingDifferences.mean(), pairs);
  }

  /** The pairs that are compared, the columns of each in the order of the table. */
  private static List<Numbers> compared(int columns, long seed) {
    Permutation circle = new Permutation(seed, 0, columns);
    List<Numbers> pairs = new ArrayList<>();
    for (int step = 1; 2 * step <= columns; step++) {
      // Half the circle apart, a pair comes up twice.
      int starts = 2 * step == columns ? step : columns;
      for (int start = 0; start < starts && pairs.size() < MOST_PAIRS; start++) {
        int one = circle.at(start);
        int other = circle.at((start + step) % columns);
        pairs.add(new Numbers(Math.min(one, other), Math.max(one, other)));
      }
    }
    pairs.sort(Comparator.comparingInt(Numbers::first).thenComparingInt(Numbers::second));
    return pairs;
  }

  private static double[] associations(ComparedRows rows, List<Numbers> pairs) {
    List<MixedColumn> ranked = new ArrayList<>();
    for (MixedColumn column : rows.columns()) {
      ranked.add(column.hasLevels() ? column : new MixedColumn(MidRanks.of(column.values()), 0));
    }
    return pairs.stream()
        .mapToDouble(pair -> Association.of(ranked.get(pair.first), ranked.get(pair.second)))
        .toArray();
  }
}
