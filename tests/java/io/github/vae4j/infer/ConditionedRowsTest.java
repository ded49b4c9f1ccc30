// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;

/**
 * Inference by optimisation and annealing with labels and with missing values: two estimators of
 * one log p(x|c) agree, and the ascent maximises the bound that scores report.
 */
final class ConditionedRowsTest {
  private static final int ROWS = 12;
  private static final int FEATURES = 4;

  private static Vae model(boolean conditional) {
    VaeSpec spec =
        VaeSpec.builder(FEATURES)
            .hidden(6)
            .latent(2)
            .likelihood(Likelihoods.parse("gaussian:sigma=0.7"))
            .condition(conditional ? new Condition.Labels(2) : null)
            .build();
    return Vae.create(spec, new BackendOptions(Kind.CPU, 1, Precision.FP32), 3);
  }

  private static Matrix values() {
    Matrix x = Matrix.zeros(ROWS, FEATURES);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (float) Philox.normal(5, Stream.OBSERVATION, 0, i / FEATURES, i % FEATURES);
    }
    return x;
  }

  private static DataSet labelled(int first) {
    int[] labels = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      labels[row] = (row + first) % 2;
    }
    return DataViews.labelled(DataSets.of(values()), labels);
  }

  private static DataSet withHoles() {
    Matrix x = values();
    for (int row = 0; row < ROWS; row++) {
      x.values()[row * FEATURES + row % FEATURES] = Float.NaN;
    }
    return DataSets.ofMissing(x);
  }

  private static void check(Vae vae, DataSet data) {
    double sampled = vae.measure().logLikelihood(data, 20_000, 1).mean();
    AnnealedLikelihood annealed =
        vae.measure().annealedLogLikelihood(data, new AnnealOptions(20, 60, 5), 2);
    assertEquals(sampled, annealed.mean(), 5 * annealed.chainError() + 0.01);

    InferenceConfig config = InferenceConfig.defaults();
    OptimizedCodes codes = vae.measure().optimize(data, config);
    double[] scores = vae.score(data, 2000, 9).elbo();
    for (int row = 0; row < ROWS; row++) {
      assertEquals(scores[row], codes.encoder()[row], 1, "row " + row);
      assertTrue(codes.after()[row] >= codes.before()[row]);
    }
  }

  @Test
  void withLabels() {
    try (Vae vae = model(true);
        DataSet data = labelled(0);
        DataSet others = labelled(1)) {
      check(vae, data);
      assertNotEquals(
          vae.measure().optimize(data, InferenceConfig.defaults()).encoder()[0],
          vae.measure().optimize(others, InferenceConfig.defaults()).encoder()[0]);
    }
  }

  /** Reconstructions and samples are of the rows' own classes. */
  @Test
  void imagesOfAConditionalModelAreJudgedWithTheirLabels() {
    VaeSpec spec =
        VaeSpec.builder(16)
            .hidden(6)
            .latent(2)
            .image(new ImageShape(4, 4, 1))
            .condition(new Condition.Labels(2))
            .build();
    Matrix x = Matrix.zeros(2, 16);
    try (Vae vae = Vae.create(spec, new BackendOptions(Kind.CPU, 1, Precision.FP32), 3);
        DataSet rows = DataSets.of(x, new ImageShape(4, 4, 1));
        DataSet zeros = DataViews.labelled(rows, new int[] {0, 0});
        DataSet ones = DataViews.labelled(rows, new int[] {1, 1})) {
      assertNotEquals(
          vae.measure().sharpness(zeros, 1).samples(), vae.measure().sharpness(ones, 1).samples());
      assertNotEquals(
          vae.measure().sharpness(zeros, 1).reconstructions(),
          vae.measure().sharpness(ones, 1).reconstructions());
    }
  }

  @Test
  void withMissingValues() {
    try (Vae vae = model(false);
        DataSet data = withHoles()) {
      check(vae, data);
    }
  }
}
