// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Posteriors of incomplete rows, of a model whose encoder is exact for complete rows and takes a
 * missing value for 0.
 */
final class RowPosteriorTest {
  private static final int ROWS = 40;
  private static final int SAMPLES = 300;

  /** One or two of the three values of a row are missing. */
  private static Matrix mask() {
    Matrix mask = Matrix.zeros(ROWS, LinearGaussian.FEATURES);
    Arrays.fill(mask.values(), 1);
    for (int i = 0; i < ROWS; i++) {
      mask.values()[i * LinearGaussian.FEATURES + i % LinearGaussian.FEATURES] = 0;
      mask.values()[i * LinearGaussian.FEATURES + i / 2 % LinearGaussian.FEATURES] = 0;
    }
    return mask;
  }

  private static DataSet incomplete() {
    return DataViews.masked(DataSets.of(LinearGaussian.rows(ROWS)), DataSets.of(mask()));
  }

  /** The mean of each feature, and its variance given z's samples. */
  private static double[][] moments(double[][] outputs, double[] weights) {
    double[][] moments = new double[2][LinearGaussian.FEATURES];
    for (int d = 0; d < LinearGaussian.FEATURES; d++) {
      for (int l = 0; l < weights.length; l++) {
        moments[0][d] += weights[l] * outputs[l][d];
      }
      moments[1][d] = LinearGaussian.SIGMA * LinearGaussian.SIGMA;
      for (int l = 0; l < weights.length; l++) {
        moments[1][d] += weights[l] * Math.pow(outputs[l][d] - moments[0][d], 2);
      }
    }
    return moments;
  }

  private interface Sampler {
    double[][] momentsOf(int row);
  }

  /** The root of the mean square of the errors of the missing features' means or variances. */
  private static double error(DataSet rows, int moment, Sampler sampler) {
    double squares = 0;
    int count = 0;
    for (int row = 0; row < rows.rows(); row++) {
      float[] x = DataSets.values(rows, row, 1).values();
      double[] expected = LinearGaussian.conditional(x)[moment];
      double[] found = sampler.momentsOf(row)[moment];
      for (int d = 0; d < x.length; d++) {
        if (Float.isNaN(x[d])) {
          squares += Math.pow(found[d] - expected[d], 2);
          count++;
        }
      }
    }
    return Math.sqrt(squares / count);
  }

  private static double[][] moments(RowPosterior posterior, int row) {
    posterior.infer(row);
    assertEquals(1, Arrays.stream(posterior.weights()).sum(), 1e-9);
    return moments(posterior.outputs(), posterior.weights());
  }

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "CPU"})
  void theConditionalMomentsAreNearTheirClosedForm(Kind backend) {
    try (Vae vae = LinearGaussian.model(backend, 0, 0);
        DataSet rows = incomplete();
        RowPosterior posterior = vae.measure().rowPosterior(rows, SAMPLES, 0);
        RowScorer encoder = vae.measure().rowScorer(rows, SAMPLES, 0)) {
      double means = error(rows, 0, row -> moments(posterior, row));
      assertTrue(means < 0.08, "error of means " + means);
      double variances = error(rows, 1, row -> moments(posterior, row));
      assertTrue(variances < 0.08, "error of variances " + variances);
      double before =
          error(
              rows,
              0,
              row -> {
                encoder.score(row);
                return moments(encoder.outputs(row), encoder.weights(row));
              });
      assertTrue(means < before / 4, means + ", by the incomplete row's posterior " + before);
    }
  }

  @Test
  void manySamplesAreRightHoweverWrongTheEncoderIs() {
    try (Vae vae = LinearGaussian.model(Kind.CPU, 0.5, -1.5);
        DataSet rows = incomplete();
        RowPosterior posterior = vae.measure().rowPosterior(rows, 20_000, 0)) {
      double means = error(rows, 0, row -> moments(posterior, row));
      assertTrue(means < 0.04, "error of means " + means);
    }
  }

  @Test
  void aRowWithoutValuesHasThePrior() {
    Matrix none = Matrix.zeros(1, LinearGaussian.FEATURES);
    try (Vae vae = LinearGaussian.model(Kind.REFERENCE, 0, 0);
        DataSet rows = DataViews.masked(DataSets.of(LinearGaussian.rows(1)), DataSets.of(none));
        RowPosterior posterior = vae.measure().rowPosterior(rows, 3000, 0)) {
      assertTrue(error(rows, 0, row -> moments(posterior, row)) < 0.06);
      assertTrue(error(rows, 1, row -> moments(posterior, row)) < 0.1);
    }
  }

  @Test
  void equalRowsHaveEqualSamplesAndSeedsDiffer() {
    Matrix x = LinearGaussian.rows(3);
    System.arraycopy(x.row(0), 0, x.values(), 2 * LinearGaussian.FEATURES, x.columns());
    Matrix mask = Matrix.zeros(3, LinearGaussian.FEATURES);
    for (int row = 0; row < 3; row++) {
      mask.values()[row * LinearGaussian.FEATURES + 1] = 1;
    }
    try (Vae vae = LinearGaussian.model(Kind.REFERENCE, 0, 0);
        DataSet rows = DataViews.masked(DataSets.of(x), DataSets.of(mask));
        RowPosterior posterior = vae.measure().rowPosterior(rows, SAMPLES, 0);
        RowPosterior other = vae.measure().rowPosterior(rows, SAMPLES, 1)) {
      posterior.infer(0);
      double[][] outputs = posterior.outputs();
      double[] weights = posterior.weights();
      posterior.infer(1);
      assertFalse(Arrays.equals(weights, posterior.weights()));
      posterior.infer(2);
      assertArrayEquals(weights, posterior.weights());
      assertArrayEquals(outputs, posterior.outputs());
      other.infer(2);
      assertFalse(Arrays.equals(weights, other.weights()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 19, 21})
  void anyNumberOfSamplesIsDrawn(int samples) {
    try (Vae vae = LinearGaussian.model(Kind.REFERENCE, 0, 0);
        DataSet rows = incomplete();
        RowPosterior posterior = vae.measure().rowPosterior(rows, samples, 0)) {
      assertTrue(error(rows, 0, row -> moments(posterior, row)) < 1.5);
      assertEquals(samples == 1 ? 3 : samples == 19 ? 21 : samples, posterior.weights().length);
    }
  }

  /** A posterior without a density at any code: the weights are those of the row's own samples. */
  @Test
  void aFlowHasOneRound() {
    VaeSpec spec =
        VaeSpec.builder(LinearGaussian.FEATURES)
            .hidden(5)
            .latent(2)
            .posterior(Posterior.parse("planar:2"))
            .build();
    BackendOptions reference = new BackendOptions(Kind.REFERENCE, 1, Precision.FP32);
    try (Vae vae = Vae.create(spec, reference, 4);
        DataSet rows = incomplete();
        RowPosterior posterior = vae.measure().rowPosterior(rows, SAMPLES, 5);
        RowScorer scorer = vae.measure().rowScorer(rows, SAMPLES, 5)) {
      posterior.infer(7);
      scorer.score(7);
      assertArrayEquals(scorer.weights(7), posterior.weights(), 1e-6);
      assertArrayEquals(scorer.outputs(7), posterior.outputs());
    }
  }
}
