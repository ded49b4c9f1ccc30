// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Sampling;
import io.github.vae4j.Thrown;
import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.metrics.Moments;
import io.github.vae4j.model.DensePlace;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * A linear-Gaussian model, whose log p(x) is known: z ~ N(0, 1), x = w z + c + sigma noise, so x ~
 * N(c, w w^T + sigma^2 I). Its exact posterior is linear in x, so that an encoder can represent it.
 */
class EvaluatorTest {
  private static final double SIGMA = 0.5;
  private static final double[] W = {1.0, -0.7, 0.4};
  private static final double[] C = {0.2, 0.1, -0.3};
  private static final double PRECISION =
      1 + (W[0] * W[0] + W[1] * W[1] + W[2] * W[2]) / (SIGMA * SIGMA);

  private static Vae model(double logvarError) {
    VaeSpec spec =
        VaeSpec.builder(3)
            .hidden()
            .latent(1)
            .likelihood(Likelihoods.parse("gaussian:sigma=" + SIGMA))
            .build();
    ParameterLayout layout = new ParameterLayout(spec);
    float[] weights = new float[layout.length()];
    DensePlace posterior = DensePlace.encoder(layout).get(0);
    DensePlace observation = DensePlace.decoder(layout).get(0);
    for (int d = 0; d < 3; d++) {
      double gain = W[d] / (SIGMA * SIGMA) / PRECISION;
      weights[posterior.weightOffset() + 2 * d] = (float) gain;
      weights[posterior.biasOffset()] -= (float) (gain * C[d]);
      weights[observation.weightOffset() + d] = (float) W[d];
      weights[observation.biasOffset() + d] = (float) C[d];
    }
    weights[posterior.biasOffset() + 1] = (float) (-Math.log(PRECISION) + logvarError);
    Vae vae =
        Vae.create(spec, new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32), 0);
    vae.setWeights(weights);
    return vae;
  }

  private static Matrix rows(int n) {
    Matrix x = Matrix.zeros(n, 3);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (float) (1.2 * Philox.normal(5, Stream.OBSERVATION, 0, i / 3, i % 3));
    }
    return x;
  }

  /** log N(x; c, w w^T + sigma^2 I) by the matrix determinant lemma and Sherman-Morrison. */
  private static double logp(float[] x) {
    double s2 = SIGMA * SIGMA;
    double squares = 0;
    double projection = 0;
    for (int d = 0; d < 3; d++) {
      squares += (x[d] - C[d]) * (x[d] - C[d]);
      projection += W[d] * (x[d] - C[d]);
    }
    double quadratic = squares / s2 - projection * projection / (s2 * s2) / PRECISION;
    double logDeterminant = 3 * Math.log(s2) + Math.log(PRECISION);
    return -(3 * Math.log(2 * Math.PI) + logDeterminant + quadratic) / 2;
  }

  private static double meanLogp(Matrix x) {
    double sum = 0;
    for (int i = 0; i < x.rows(); i++) {
      sum += logp(x.row(i));
    }
    return sum / x.rows();
  }

  @Test
  void withTheExactPosteriorEveryWeightIsTheEvidence() {
    Matrix x = rows(37);
    try (Vae vae = model(0);
        DataSet data = DataSets.of(x)) {
      for (int samples : new int[] {1, 7, 230}) {
        LogLikelihood result = vae.measure().logLikelihood(data, samples, 1);
        assertEquals(meanLogp(x), result.mean(), 1e-4);
        assertEquals(samples, result.effectiveSampleSize(), 1e-3 * samples);
        assertEquals(37, result.rows());
      }
    }
  }

  @Test
  void theEvidenceOfARowIsThatOfTheMean() {
    Matrix x = rows(37);
    try (Vae exact = model(0);
        Vae inexact = model(0.4);
        DataSet data = DataSets.of(x)) {
      double[] logs = exact.measure().rowLogLikelihoods(data, 7, 1);
      assertEquals(37, logs.length);
      for (int row = 0; row < logs.length; row++) {
        assertEquals(logp(x.row(row)), logs[row], 1e-4);
      }
      double[] estimates = inexact.measure().rowLogLikelihoods(data, 230, 1);
      assertEquals(
          inexact.measure().logLikelihood(data, 230, 1).mean(),
          Arrays.stream(estimates).average().orElseThrow(),
          1e-12);
    }
  }

  @Test
  void withAWrongPosteriorTheBoundIsLowerByTheKlAndImportanceSamplingClosesIt() {
    Matrix x = rows(600);
    double error = 0.8;
    // KL(N(m, e^error s) || N(m, s)), the same for every row.
    double gap = (Math.exp(error) - 1 - error) / 2;
    try (Vae vae = model(error);
        DataSet data = DataSets.of(x)) {
      Evaluation evaluation = vae.evaluate(data, 400, 1);
      assertEquals(meanLogp(x) - gap, evaluation.elbo(), 0.02);
      LogLikelihood likelihood = vae.measure().logLikelihood(data, 1000, 1);
      assertEquals(meanLogp(x), likelihood.mean(), 0.01);
      assertTrue(likelihood.effectiveSampleSize() < 950);
      assertTrue(likelihood.effectiveSampleSize() > 400);
    }
  }

  @Test
  void bothFormsOfTheBoundAreOneNumber() {
    try (Vae vae = model(0.3);
        DataSet data = DataSets.of(rows(50))) {
      Evaluation e = vae.evaluate(data, 3, 9);
      assertEquals(e.elbo(), e.reconstruction() - e.kl(), 1e-9);
      assertEquals(e.elbo(), e.joint() + e.entropy(), 1e-9);
      double entropy = (Math.log(2 * Math.PI * Math.E) - Math.log(PRECISION) + 0.3) / 2;
      assertEquals(entropy, e.entropy(), 1e-5);
      assertEquals(e.kl(), e.klPerDimension()[0], 1e-5);
      assertEquals(1, e.activeUnits());
    }
  }

  @Test
  void byMonteCarloBothFormsAreOneNumberOnTheSameSamples() {
    try (Vae vae = model(0.3);
        DataSet data = DataSets.of(rows(50))) {
      Evaluation e = vae.evaluate(data, 3, 9);
      Evaluation.Sampled sampled = e.sampled();
      assertEquals(sampled.elbo(), e.reconstruction() - sampled.kl(), 1e-9);
      assertEquals(sampled.elbo(), sampled.joint() + sampled.entropy(), 1e-9);
      assertNotEquals(e.elbo(), sampled.elbo());
    }
  }

  /**
   * The analytic terms are the means of the sampled ones: within four standard errors of 20,000
   * draws.
   */
  @Test
  void theAnalyticTermsAreTheMeansOfTheSampledOnes() {
    try (Vae vae = model(0.3);
        DataSet data = DataSets.of(rows(50))) {
      Evaluation e = vae.evaluate(data, 400, 9);
      // Var[-log q] of a Gaussian is 1/2 a dimension.
      assertEquals(e.entropy(), e.sampled().entropy(), 4 * Math.sqrt(0.5 / 20_000));
      assertEquals(e.kl(), e.sampled().kl(), 4 * Math.sqrt(2.0 / 20_000));
      assertEquals(e.elbo(), e.sampled().elbo(), 4 * Math.sqrt(2.0 / 20_000));
    }
  }

  /** With the exact posterior log p(x, z) - log q(z|x) is log p(x) whatever z: no noise at all. */
  @Test
  void withTheExactPosteriorTheSampledBoundIsTheEvidence() {
    Matrix x = rows(37);
    try (Vae vae = model(0);
        DataSet data = DataSets.of(x)) {
      assertEquals(meanLogp(x), vae.evaluate(data, 1, 3).sampled().elbo(), 1e-4);
    }
  }

  @Test
  void scoresAreTheRowsOfTheEvaluation() {
    try (Vae vae = model(0.3);
        DataSet data = DataSets.of(rows(1203))) {
      Evaluation evaluation = vae.evaluate(data, 2, 9);
      RowScores scores = vae.score(data, 2, 9);
      double sum = 0;
      for (double elbo : scores.elbo()) {
        sum += elbo;
      }
      assertEquals(evaluation.elbo(), sum / 1203, 1e-9);
      // Padding the last batch changes nothing: the same rows alone score the same.
      try (DataSet few = DataSets.head(data, 7)) {
        RowScores head = vae.score(few, 2, 9);
        assertArrayEquals(java.util.Arrays.copyOf(scores.elbo(), 7), head.elbo(), 1e-6);
      }
    }
  }

  @Test
  void encodesDecodesAndSamples() {
    Matrix x = rows(700);
    try (Vae vae = model(0);
        DataSet data = DataSets.of(x)) {
      Codes codes = vae.encode(data);
      assertEquals(700, codes.mean().rows());
      double expected = 0;
      for (int d = 0; d < 3; d++) {
        expected += W[d] / (SIGMA * SIGMA) / PRECISION * (x.at(699, d) - C[d]);
      }
      assertEquals(expected, codes.mean().at(699, 0), 1e-5);
      assertEquals(-Math.log(PRECISION), codes.logvar().at(0, 0), 1e-5);
      Matrix decoded = vae.decode(codes.mean());
      assertEquals(W[1] * expected + C[1], decoded.at(699, 1), 1e-5);
      assertArrayEquals(decoded.values(), vae.reconstruct(data).values());

      Matrix means = vae.sample(Sampling.of(4000).seed(3));
      Matrix draws = vae.sample(Sampling.of(4000).seed(3).drawn(true));
      assertEquals(W[0] * W[0], variance(means, 0), 0.06);
      assertEquals(W[0] * W[0] + SIGMA * SIGMA, variance(draws, 0), 0.08);
      assertArrayEquals(draws.row(5), vae.sample(Sampling.of(6).seed(3).drawn(true)).row(5));
      assertEquals(C[0], vae.sample(Sampling.of(1).seed(3).temperature(0)).at(0, 0), 1e-6);
    }
  }

  private static double variance(Matrix x, int column) {
    Moments moments = new Moments();
    for (int i = 0; i < x.rows(); i++) {
      moments.add(x.at(i, column));
    }
    return moments.variance();
  }

  @Test
  void badArgumentsAreNamed() {
    try (Vae vae = model(0);
        DataSet narrow = DataSets.of(Matrix.zeros(4, 2));
        DataSet data = DataSets.of(rows(4))) {
      Thrown.says(VaeException.class, () -> vae.evaluate(narrow, 1, 0), "rows of 2 values");
      assertThrows(IllegalArgumentException.class, () -> vae.evaluate(data, 0, 0));
      assertThrows(IllegalArgumentException.class, () -> vae.measure().logLikelihood(data, 0, 0));
      assertThrows(IllegalArgumentException.class, () -> vae.sample(Sampling.of(0)));
      assertThrows(
          IllegalArgumentException.class, () -> vae.sample(Sampling.of(1).temperature(Double.NaN)));
      assertThrows(IllegalArgumentException.class, () -> vae.decode(Matrix.zeros(1, 2)));
    }
  }
}
