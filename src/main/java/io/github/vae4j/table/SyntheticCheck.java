// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.metrics.LevelCounts;
import io.github.vae4j.metrics.MixedColumn;
import io.github.vae4j.metrics.RankCounts;
import io.github.vae4j.metrics.TwoSampleClassifier;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.RowDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * How near synthetic rows are to real ones: the distributions of single columns, the associations
 * of pairs of columns, copies of training rows, and whether a classifier can tell the two apart.
 * Each distance of the synthetic rows stands beside that of as many training rows, where these are
 * known: the size that chance gives it. Rows count once, whatever their weights.
 *
 * <p>At most 20,000 rows of a table are compared, which are drawn by the seed; of tables with more
 * than about 800 columns fewer, down to 1,000. The shares of copies are of all rows.
 *
 * @param synthetic the synthetic rows
 * @param real the real rows
 * @param training the training rows; null if they are not known
 * @param heldOut whether the real rows were held out; false if they are the training rows, which
 *     makes synthetic rows that are near them look better than they are
 * @param columns the modelled columns, in the order of the schema
 * @param pairs the associations of pairs of columns
 * @param copies of training rows; null if these are not known
 * @param classifier of real rows and synthetic ones, of which the latter have the higher scores
 */
public record SyntheticCheck(
    Rows synthetic,
    Rows real,
    @Nullable Rows training,
    boolean heldOut,
    List<Marginal> columns,
    PairDifferences pairs,
    @Nullable Copies copies,
    TwoSampleClassifier classifier) {
  /** Copies the list. {@inheritDoc} */
  public SyntheticCheck {
    columns = List.copyOf(columns);
  }

  /**
   * The mean distance of the columns.
   *
   * @return of those that have values in both tables; NaN for none
   */
  public double meanDistance() {
    return mean(columns.stream().mapToDouble(Marginal::distance));
  }

  /**
   * The mean distance of as many training rows.
   *
   * @return NaN if they are not known
   */
  public double meanOfTraining() {
    return mean(columns.stream().mapToDouble(Marginal::ofTraining));
  }

  private static double mean(DoubleStream distances) {
    return distances.filter(distance -> !Double.isNaN(distance)).average().orElse(Double.NaN);
  }

  /**
   * The rows of a table.
   *
   * @param all their number
   * @param compared the number of rows that were drawn from them
   */
  public record Rows(int all, int compared) {}

  /**
   * The difference of a column's distributions.
   *
   * @param column its name
   * @param kind its kind in the schema
   * @param measure KS, the greatest difference of the distribution functions of numbers, counts and
   *     times; or TV, the total variation distance of levels; both are 0 to 1
   * @param distance of the synthetic values from the real ones; NaN if one of both has none
   * @param ofTraining the distance of as many training rows; NaN if they are not known
   * @param missingReal the share of missing values in the real rows
   * @param missingSynthetic the share of missing values in the synthetic rows
   */
  public record Marginal(
      String column,
      String kind,
      String measure,
      double distance,
      double ofTraining,
      double missingReal,
      double missingSynthetic) {}

  /**
   * Copies of training rows.
   *
   * @param share of synthetic rows that equal a training row in every modelled column, within the
   *     column's resolution; texts without a level of their own are equal
   * @param ofHeldOut the same share of held-out rows; NaN if there are none
   * @param distance the median distance of synthetic rows to the closest training row: the mean
   *     over the columns of the difference of the ranks of numbers, as shares of the training rows,
   *     or of 1 for different levels (Gower 1971); of 1,000 rows, 20,000 training rows and 200
   *     columns at most
   * @param distanceOfHeldOut the same of held-out rows; NaN if there are none
   */
  public record Copies(double share, double ofHeldOut, double distance, double distanceOfHeldOut) {}

  /**
   * Compares synthetic rows with real ones.
   *
   * @param features of the schema
   * @param synthetic encoded rows, without noise
   * @param heldOut real rows that were held out of training; null if there are none, so that the
   *     training rows are the real ones
   * @param training the training rows, without noise; null if they are not known
   * @param seed of the draws of rows and of the classifier
   * @return the comparison
   * @throws IllegalArgumentException if there are no real rows
   */
  public static SyntheticCheck of(
      Features features,
      DataSet synthetic,
      @Nullable DataSet heldOut,
      @Nullable DataSet training,
      long seed) {
    ComparedRows drawn = ComparedRows.of(features, synthetic, seed, 0);
    ComparedRows held = heldOut == null ? null : ComparedRows.of(features, heldOut, seed, 1);
    ComparedRows trained = training == null ? null : ComparedRows.of(features, training, seed, 2);
    ComparedRows real = held == null ? trained : held;
    if (real == null) {
      throw new IllegalArgumentException(
          "heldOut and training: expected one of both at least, given none");
    }
    ComparedRows asMany = held == null || trained == null ? null : trained.head(drawn.rows());
    RowDecoder decoder = new RowDecoder(features);
    return new SyntheticCheck(
        drawn.size(),
        real.size(),
        trained == null ? null : trained.size(),
        held != null,
        marginals(decoder, drawn, real, asMany),
        PairDifferences.of(decoder, drawn, real, asMany, seed),
        trained == null ? null : copies(features, drawn, held, trained, seed),
        TwoSampleClassifier.of(real.parts(), drawn.parts(), seed));
  }

  private static Copies copies(
      Features features,
      ComparedRows drawn,
      @Nullable ComparedRows held,
      ComparedRows trained,
      long seed) {
    TrainingCopies copies = new TrainingCopies(features, trained.set());
    NearestRows nearest = new NearestRows(trained, seed);
    return new Copies(
        copies.share(drawn.set()),
        held == null ? Double.NaN : copies.share(held.set()),
        nearest.median(drawn),
        held == null ? Double.NaN : nearest.median(held));
  }

  private static List<Marginal> marginals(
      RowDecoder decoder, ComparedRows drawn, ComparedRows real, @Nullable ComparedRows training) {
    List<Marginal> marginals = new ArrayList<>();
    List<MixedColumn> now = drawn.columns();
    List<MixedColumn> before = real.columns();
    List<MixedColumn> ofTraining = training == null ? null : training.columns();
    for (int i = 0; i < before.size(); i++) {
      Kind kind = decoder.column(i).kind();
      marginals.add(
          new Marginal(
              decoder.column(i).name(),
              kind.id(),
              decoder.hasLevels(i) ? "TV" : "KS",
              distance(kind, before.get(i), now.get(i)),
              ofTraining == null ? Double.NaN : distance(kind, before.get(i), ofTraining.get(i)),
              before.get(i).missingShare(),
              now.get(i).missingShare()));
    }
    return marginals;
  }

  private static double distance(Kind kind, MixedColumn before, MixedColumn now) {
    if (before.hasLevels()) {
      return LevelCounts.totalVariation(
          RareLevels.joined(kind, before.counts()), RareLevels.joined(kind, now.counts()));
    }
    double[] reference = before.present();
    RankCounts ranks = new RankCounts(reference, reference.length);
    for (double value : now.present()) {
      ranks.add(value);
    }
    return ranks.kolmogorovSmirnov().statistic();
  }
}
