// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.infer.Calibration;
import io.github.vae4j.metrics.FalseDiscovery;
import io.github.vae4j.metrics.LevelCounts;
import io.github.vae4j.metrics.Proportions;
import io.github.vae4j.metrics.RankCounts;
import io.github.vae4j.metrics.TestResult;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.Reference;
import io.github.vae4j.schema.RowDecoder;
import io.github.vae4j.table.DriftReport.ColumnDrift;
import io.github.vae4j.table.DriftReport.ScoreDrift;
import io.github.vae4j.table.DriftReport.Test;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the rows of a table with the training data of a model. It keeps counts only, so that its
 * memory does not grow with the rows, and no result depends on their order. For one thread.
 */
public final class DriftMeter {
  private static final int DECILES = 10;

  private final RowDecoder decoder;
  private final Reference reference;
  private final @Nullable Calibration calibration;
  private final Set<String> ignored;
  private final List<ColumnCounts> columns = new ArrayList<>();
  private final @Nullable RankCounts scores;

  /** Exact, as the sum of doubles depends on their order. */
  private BigDecimal sumOfScores = BigDecimal.ZERO;

  private long rows;

  /** The counts of a column: ranks of numbers, or levels. */
  private static final class ColumnCounts {
    private final RankCounts ranks;
    private final long[] levels;
    private long missing;

    private ColumnCounts(Reference.Marginal before) {
      ranks = new RankCounts(array(before.quantiles()), before.sampled());
      levels = new long[before.levels().size()];
    }
  }

  /**
   * A comparison without rows.
   *
   * @param features of the model's schema
   * @param reference the training data
   * @param calibration the scores of held-out rows; null if scores are not compared
   * @param ignored the names of columns that are not compared
   * @throws IllegalArgumentException if the reference is of another schema, or a name is that of no
   *     modelled column
   */
  public DriftMeter(
      Features features,
      Reference reference,
      @Nullable Calibration calibration,
      Set<String> ignored) {
    reference.requireOf(features);
    this.ignored = Set.copyOf(ignored);
    List<String> names = reference.columns().stream().map(Reference.Marginal::column).toList();
    for (String name : ignored) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "no modelled column is \"" + name + "\"; these are " + String.join(", ", names));
      }
    }
    this.decoder = new RowDecoder(features);
    this.reference = reference;
    this.calibration = calibration;
    reference.columns().forEach(column -> columns.add(new ColumnCounts(column)));
    scores =
        calibration == null
            ? null
            : new RankCounts(array(calibration.scores()), calibration.scores().size());
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Counts a row.
   *
   * @param row its features
   */
  public void add(float[] row) {
    rows++;
    for (int i = 0; i < columns.size(); i++) {
      ColumnCounts counts = columns.get(i);
      if (decoder.isMissing(i, row)) {
        counts.missing++;
      } else if (decoder.hasLevels(i)) {
        counts.levels[decoder.levelOf(i, row)]++;
      } else {
        counts.ranks.add(decoder.value(i, row));
      }
    }
  }

  /**
   * Counts the anomaly score of a row.
   *
   * @param score with the samples and the seed of the calibration, finite
   */
  public void addScore(double score) {
    Objects.requireNonNull(scores, "no calibration").add(score);
    sumOfScores = sumOfScores.add(new BigDecimal(score));
  }

  /** The results of a column before the control of false discoveries. */
  private record Found(
      int column,
      double stability,
      DriftReport.Kind kind,
      TestResult values,
      TestResult missing,
      long unseen,
      TestResult unseenShare) {}

  /**
   * The differences so far.
   *
   * @param alpha the greatest q-value of drift, between 0 and 1
   * @return the report
   */
  public DriftReport report(double alpha) {
    List<Found> found = new ArrayList<>();
    List<Double> pValues = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (ignored.contains(decoder.column(i).name())) {
        continue;
      }
      Found own = found(i);
      found.add(own);
      pValues.add(own.values.pValue());
      pValues.add(own.missing.pValue());
      pValues.add(own.unseenShare.pValue());
    }
    TestResult score = scores == null ? TestResult.NONE : scores.kolmogorovSmirnov();
    pValues.add(score.pValue());
    double[] qValues = FalseDiscovery.adjust(array(pValues));
    List<ColumnDrift> drifts = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Found own = found.get(i);
      drifts.add(
          new ColumnDrift(
              decoder.column(own.column).name(),
              decoder.column(own.column).kind().id(),
              own.stability,
              test(own.kind, own.values, qValues[3 * i], alpha),
              (double) reference.columns().get(own.column).missing() / reference.rows(),
              rows == 0 ? Double.NaN : (double) columns.get(own.column).missing / rows,
              test(DriftReport.Kind.PROPORTIONS, own.missing, qValues[3 * i + 1], alpha),
              own.unseen,
              test(DriftReport.Kind.PROPORTIONS, own.unseenShare, qValues[3 * i + 2], alpha)));
    }
    double last = qValues[qValues.length - 1];
    return new DriftReport(rows, reference.rows(), alpha, drifts, scoreDrift(score, last, alpha));
  }

  private static Test test(DriftReport.Kind kind, TestResult result, double qValue, double alpha) {
    return new Test(kind, result.statistic(), result.pValue(), qValue, qValue <= alpha);
  }

  private @Nullable ScoreDrift scoreDrift(TestResult result, double qValue, double alpha) {
    if (scores == null || calibration == null || scores.count() == 0) {
      return null;
    }
    double before =
        calibration.scores().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    return new ScoreDrift(
        scores.stability(DECILES),
        test(DriftReport.Kind.KS, result, qValue, alpha),
        before,
        sumOfScores.doubleValue() / scores.count());
  }

  private Found found(int column) {
    Reference.Marginal before = reference.columns().get(column);
    ColumnCounts now = columns.get(column);
    TestResult missing = Proportions.test(before.missing(), reference.rows(), now.missing, rows);
    if (!decoder.hasLevels(column)) {
      return new Found(
          column,
          now.ranks.stability(DECILES),
          DriftReport.Kind.KS,
          now.ranks.kolmogorovSmirnov(),
          missing,
          0,
          TestResult.NONE);
    }
    Kind kind = decoder.column(column).kind();
    long[] countsBefore = before.levels().stream().mapToLong(Long::longValue).toArray();
    long[] levelsBefore = RareLevels.joined(kind, countsBefore);
    long[] levelsNow = RareLevels.joined(kind, now.levels);
    long unseen = unseen(column);
    TestResult unseenShare = TestResult.NONE;
    if (unseen > 0 && !RareLevels.areTwo(kind)) {
      int last = levelsNow.length - 1;
      long valuesBefore = reference.rows() - before.missing();
      unseenShare = Proportions.test(levelsBefore[last], valuesBefore, unseen, rows - now.missing);
    }
    return new Found(
        column,
        LevelCounts.stability(levelsBefore, levelsNow),
        DriftReport.Kind.CHI_SQUARED,
        LevelCounts.test(levelsBefore, levelsNow),
        missing,
        unseen,
        unseenShare);
  }

  /**
   * Rows with an unseen text: the last level, but where the schema does not know all rare texts
   * such texts are rare ones.
   */
  private long unseen(int column) {
    boolean open = decoder.column(column).kind().open();
    long[] levels = columns.get(column).levels;
    return open ? 0 : levels[levels.length - 1];
  }
}
