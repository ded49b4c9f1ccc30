// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.Vae;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.infer.RowScorer;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** Scores the rows that were held out of training. */
public final class Calibrator {
  /** The seed of the noise of scores, of which calibrations of runs are made. */
  public static final long SEED = 0;

  private static final int MOST = 10_000;
  private static final int MOST_EXPLAINED = 1_000;

  private Calibrator() {}

  /**
   * The calibration of a model.
   *
   * @param vae the model
   * @param heldOut encoded rows that were not trained on; the first 10,000 are used
   * @param samples Monte-Carlo samples of a score
   * @param seed of their noise
   * @return the scores
   */
  public static Calibration of(Vae vae, DataSet heldOut, int samples, long seed) {
    Features features = new Features(TableModel.schemaOf(vae.spec()));
    RowDecoder decoder = new RowDecoder(features);
    ColumnNats nats = new ColumnNats(decoder, vae.spec().likelihood(), features.width());
    int explained = Math.min(MOST_EXPLAINED, heldOut.rows());
    double[] means = new double[decoder.columns()];
    List<Double> scores = new ArrayList<>();
    try (RowScorer scorer = vae.measure().rowScorer(heldOut, samples, seed)) {
      int batch = RowScorer.batch(vae.spec(), samples);
      int rows = Math.min(MOST, heldOut.rows());
      for (int first = 0; first < rows; first += batch) {
        int count = Math.min(batch, rows - first);
        scorer.score(first, count).forEach(score -> scores.add(-score.elbo()));
        for (int row = first; row < Math.min(first + count, explained); row++) {
          double[] shares = nats.of(DataSets.values(heldOut, row, 1).values(), scorer.outputs(row));
          for (int column = 0; column < means.length; column++) {
            means[column] += shares[column] / explained;
          }
        }
      }
    }
    return new Calibration(samples, seed, scores, DoubleStream.of(means).boxed().toList());
  }
}
