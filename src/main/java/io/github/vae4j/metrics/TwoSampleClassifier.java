// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.random.Draws;
import io.github.vae4j.random.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether a classifier can tell the rows of two samples apart (Lopez-Paz and Oquab 2017,
 * "Revisiting classifier two-sample tests"). The classifier, boosted trees, is fitted to four
 * fifths of the rows and scores the other fifth, five times, so that no row is scored by a
 * classifier that saw it. The area is the mean of those of the five parts; its standard error is
 * that of LeDell, Petersen and van der Laan 2015 ("Computationally efficient confidence intervals
 * for cross-validated area under the ROC curve estimates"): of the rows that were scored, not of
 * the fits.
 *
 * @param rows the number of rows of each sample
 * @param auc the area under the receiver operating characteristic; NaN with fewer than 20 rows of a
 *     sample
 * @param standardError of the area; NaN with it
 */
public record TwoSampleClassifier(int rows, double auc, double standardError) {
  private static final int PARTS = 5;
  private static final int LEAST_ROWS = 20;
  private static final int MOST_ROWS = 10_000;

  /**
   * Tests two samples, of which equally many rows are used: the first ones, at most 10,000.
   *
   * @param first the columns of the first sample, whose rows are in random order
   * @param second the same columns of the second sample
   * @param seed of the classifier's draws
   * @return the area; above 0.5 if the classifier gives rows of the second sample higher scores
   */
  public static TwoSampleClassifier of(
      List<MixedColumn> first, List<MixedColumn> second, long seed) {
    int rows = Math.min(MOST_ROWS, Math.min(rows(first), rows(second)));
    if (rows < LEAST_ROWS) {
      return new TwoSampleClassifier(rows, Double.NaN, Double.NaN);
    }
    BinnedColumns data = pooled(first, second, rows);
    boolean[] positive = new boolean[2 * rows];
    for (int row = rows; row < positive.length; row++) {
      positive[row] = true;
    }
    double sum = 0;
    double variance = 0;
    for (int part = 0; part < PARTS; part++) {
      int tested = part;
      int[] training =
          IntStream.range(0, positive.length).filter(row -> row % rows % PARTS != tested).toArray();
      double[] scores =
          BoostedTrees.scores(data, positive, training, new Draws(seed, Stream.COMPARE, part));
      Auroc.Estimate own = tested(scores, rows, tested);
      sum += own.area();
      variance += own.standardError() * own.standardError();
    }
    return new TwoSampleClassifier(rows, sum / PARTS, Math.sqrt(variance) / PARTS);
  }

  private static int rows(List<MixedColumn> sample) {
    if (sample.isEmpty()) {
      throw new IllegalArgumentException("sample: expected one column or more, given none");
    }
    return sample.get(0).values().length;
  }

  private static BinnedColumns pooled(List<MixedColumn> first, List<MixedColumn> second, int rows) {
    List<MixedColumn> pooled = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      float[] values = new float[2 * rows];
      System.arraycopy(first.get(i).values(), 0, values, 0, rows);
      System.arraycopy(second.get(i).values(), 0, values, rows, rows);
      pooled.add(new MixedColumn(values, first.get(i).levels()));
    }
    return BinnedColumns.of(pooled);
  }

  private static Auroc.Estimate tested(double[] scores, int rows, int part) {
    int[] own =
        IntStream.range(0, scores.length).filter(row -> row % rows % PARTS == part).toArray();
    double[] ownScores = new double[own.length];
    boolean[] positive = new boolean[own.length];
    for (int i = 0; i < own.length; i++) {
      ownScores[i] = scores[own[i]];
      positive[i] = own[i] >= rows;
    }
    return Auroc.estimate(ownScores, positive);
  }
}
