// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import io.github.vae4j.anomaly.Columns;
import io.github.vae4j.anomaly.LabelledRows;
import io.github.vae4j.anomaly.Neighbours;
import io.github.vae4j.anomaly.PrincipalComponents;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.infer.RowScorer;
import io.github.vae4j.metrics.Auroc;
import io.github.vae4j.table.TableScorer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** The AUROC of each score on a split, in percent, and the time that it took, in seconds. */
final class AnomalyScores {
  private static final int IMPORTANCE_SAMPLES = 100;
  private static final int NEIGHBOUR = 5;
  private static final double SHARE = 0.9;

  /** The figures of a set. */
  enum Measure {
    ELBO("-ELBO"),
    RECONSTRUCTION("reconstruction"),
    EVIDENCE("log p(x)"),
    REGRET("regret"),
    TRAIN_AND_SCORE("s"),
    REGRET_TIME("regret, s"),
    PCA("PCA"),
    PCA_ERROR("PCA error"),
    NEIGHBOUR_DISTANCE("5th neighbour");

    final String title;

    Measure(String title) {
      this.title = title;
    }
  }

  private AnomalyScores() {}

  /** Trains on the split and scores its test rows; -ELBO is what the time is taken of. */
  static Map<Measure, Double> model(
      LabelledRows.Split split, BackendOptions backend, long seed, double hidden, boolean regret) {
    Map<Measure, Double> found = new EnumMap<>(Measure.class);
    boolean[] anomalous = split.test().anomalous();
    long start = System.nanoTime();
    try (AnomalyRecipe recipe = AnomalyRecipe.train(split.train(), backend, seed, hidden);
        DataSet test = recipe.data(split.test().rows())) {
      double[] elbo = new double[test.rows()];
      double[] reconstruction = new double[test.rows()];
      try (RowScorer scorer = recipe.vae().measure().rowScorer(test, TableScorer.SAMPLES, 0)) {
        for (int row = 0; row < elbo.length; row++) {
          RowScorer.Score score = scorer.score(row);
          elbo[row] = score.elbo();
          reconstruction[row] = score.reconstruction();
        }
      }
      found.put(Measure.ELBO, auroc(negative(elbo), anomalous));
      found.put(Measure.TRAIN_AND_SCORE, (System.nanoTime() - start) / 1e9);
      found.put(Measure.RECONSTRUCTION, auroc(negative(reconstruction), anomalous));
      double[] evidence = recipe.vae().measure().rowLogLikelihoods(test, IMPORTANCE_SAMPLES, seed);
      found.put(Measure.EVIDENCE, auroc(negative(evidence), anomalous));
      if (regret) {
        start = System.nanoTime();
        double[] regrets =
            recipe.vae().measure().optimize(test, InferenceConfig.defaults()).regret();
        found.put(Measure.REGRET, auroc(regrets, anomalous));
        found.put(Measure.REGRET_TIME, (System.nanoTime() - start) / 1e9);
      }
    }
    return found;
  }

  /** Scores without a model, of columns that are standardised by the training rows. */
  static Map<Measure, Double> baselines(LabelledRows.Split split) {
    double[][] train = Columns.standardised(split.train(), split.train());
    double[][] test = Columns.standardised(split.train(), split.test().rows());
    boolean[] anomalous = split.test().anomalous();
    PrincipalComponents components = new PrincipalComponents(train);
    Map<Measure, Double> found = new EnumMap<>(Measure.class);
    found.put(Measure.PCA, auroc(components.distances(test), anomalous));
    found.put(Measure.PCA_ERROR, auroc(components.reconstructionErrors(test, SHARE), anomalous));
    double[] distances = Neighbours.distances(train, test, NEIGHBOUR);
    found.put(Measure.NEIGHBOUR_DISTANCE, auroc(distances, anomalous));
    return found;
  }

  private static double auroc(double[] scores, boolean[] anomalous) {
    return 100 * Auroc.of(scores, anomalous);
  }

  private static double[] negative(double[] values) {
    return Arrays.stream(values).map(value -> -value).toArray();
  }
}
