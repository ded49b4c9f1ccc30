// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.Vae;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.infer.RowScorer;
import io.github.vae4j.metrics.Auroc;
import java.util.Arrays;
import java.util.List;

/**
 * The p-values of rows, which are uniform if the rows are from the distribution of the training
 * data.
 *
 * @param rows the number of rows
 * @param atOnePercent the share of p-values of at most 0.01
 * @param atFivePercent the share of at most 0.05
 * @param atTenPercent the share of at most 0.1
 * @param distance the greatest distance of their distribution from the uniform one
 *     (Kolmogorov-Smirnov)
 * @param auroc of the anomaly score for the rows of the rarer of two classes; NaN without labels of
 *     two classes
 */
public record PValueCheck(
    int rows,
    double atOnePercent,
    double atFivePercent,
    double atTenPercent,
    double distance,
    double auroc) {
  private static final int MOST = 10_000;

  /**
   * Scores rows that were not trained on.
   *
   * @param vae the model
   * @param data encoded rows; the first 10,000 are used
   * @param calibration of the model's scores
   * @return their p-values, summarised
   */
  public static PValueCheck of(Vae vae, DataSet data, Calibration calibration) {
    int count = Math.min(MOST, data.rows());
    double[] scores = new double[count];
    double[] values = new double[count];
    Calibration.Ranks ranks = calibration.ranks();
    try (RowScorer scorer =
        vae.measure().rowScorer(data, calibration.samples(), calibration.seed())) {
      List<RowScorer.Score> found = scorer.score(0, count);
      for (int row = 0; row < count; row++) {
        scores[row] = -found.get(row).elbo();
        values[row] = ranks.pValue(scores[row]);
      }
    }
    double auroc = auroc(data, scores);
    Arrays.sort(values);
    double distance = 0;
    for (int i = 0; i < count; i++) {
      double above = (i + 1) / (double) count - values[i];
      distance = Math.max(distance, Math.max(above, values[i] - i / (double) count));
    }
    return new PValueCheck(
        count, share(values, 0.01), share(values, 0.05), share(values, 0.1), distance, auroc);
  }

  private static double share(double[] values, double most) {
    return Arrays.stream(values).filter(p -> p <= most).count() / (double) values.length;
  }

  private static double auroc(DataSet data, double[] scores) {
    boolean[] second = new boolean[scores.length];
    int ones = 0;
    for (int row = 0; row < scores.length; row++) {
      int label = data.label(row);
      if (label < 0 || label > 1) {
        return Double.NaN;
      }
      second[row] = label == 1;
      ones += label;
    }
    if (ones == 0 || ones == scores.length) {
      return Double.NaN;
    }
    double found = Auroc.of(scores, second);
    return 2 * ones <= scores.length ? found : 1 - found;
  }
}
