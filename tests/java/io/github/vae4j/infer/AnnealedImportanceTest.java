// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnnealedImportanceTest {
  private static final Likelihood GAUSSIAN =
      Likelihoods.parse("gaussian:sigma=" + LinearDecoder.SIGMA);

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "CPU"})
  void aLinearModelsEvidenceIsFound(Kind backend) {
    Matrix x = LinearDecoder.rows(13);
    try (Vae vae = LinearDecoder.model(GAUSSIAN, backend);
        DataSet data = DataSets.of(x)) {
      // 10 rows at a time: the second batch is padded.
      AnnealedLikelihood estimate =
          vae.measure().annealedLogLikelihood(data, new AnnealOptions(100, 40, 4), 1);
      assertEquals(LinearDecoder.meanLogp(x), estimate.mean(), 4 * estimate.chainError());
      assertTrue(estimate.chainError() < 0.04, estimate.toString());
      assertEquals(0.65, estimate.acceptance(), 0.12);
      assertTrue(estimate.effectiveChains() > 40 && estimate.effectiveChains() <= 100);
      assertEquals(13, estimate.rows());
      assertEquals(estimate.mean(), again(vae, data).mean(), 0);
    }
  }

  private static AnnealedLikelihood again(Vae vae, DataSet data) {
    return vae.measure().annealedLogLikelihood(data, new AnnealOptions(100, 40, 4), 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void theWeightIsUnbiasedHoweverFewTheTemperatures(int temperatures) {
    try (Vae vae = LinearDecoder.model(GAUSSIAN, Kind.REFERENCE);
        DataSet data = DataSets.of(LinearDecoder.rows(1))) {
      AnnealedLikelihood estimate =
          vae.measure().annealedLogLikelihood(data, new AnnealOptions(4_000, temperatures, 2), 3);
      double ratio = Math.exp(estimate.mean() - LinearDecoder.meanLogp(LinearDecoder.rows(1)));
      assertEquals(1, ratio, 4 * estimate.chainError());
      assertTrue(estimate.chainError() < 0.1, estimate.toString());
      assertEquals(temperatures == 1, Double.isNaN(estimate.acceptance()));
    }
  }

  @Test
  void moreTemperaturesMakeBetterChains() {
    try (Vae vae = LinearDecoder.model(GAUSSIAN, Kind.REFERENCE);
        DataSet data = DataSets.of(LinearDecoder.rows(8))) {
      double few =
          vae.measure()
              .annealedLogLikelihood(data, new AnnealOptions(50, 3, 5), 2)
              .effectiveChains();
      double many =
          vae.measure()
              .annealedLogLikelihood(data, new AnnealOptions(50, 100, 5), 2)
              .effectiveChains();
      assertTrue(few < 0.6 * many, few + " of " + many);
    }
  }

  /** A bent decoder and binary data, beside a sum over a fine grid of the one latent dimension. */
  @Test
  void aNonlinearModelsEvidenceIsFound() {
    VaeSpec spec = VaeSpec.builder(6).hidden(8).activation(Activation.TANH).latent(1).build();
    Matrix x = Matrix.zeros(4, 6);
    for (int i = 0; i < 24; i++) {
      x.values()[i] = (i * 7 % 5) < 2 ? 1 : 0;
    }
    try (Vae vae = Vae.create(spec, new BackendOptions(Kind.REFERENCE, 1, Precision.FP32), 3);
        DataSet data = DataSets.of(x)) {
      vae.setWeights(scaled(spec));
      AnnealedLikelihood estimate =
          vae.measure().annealedLogLikelihood(data, new AnnealOptions(200, 40, 4), 1);
      double expected = 0;
      for (int row = 0; row < 4; row++) {
        expected += byGrid(vae, x.row(row)) / 4;
      }
      assertTrue(estimate.chainError() < 0.04, estimate.toString());
      assertEquals(expected, estimate.mean(), 4 * estimate.chainError());
    }
  }

  private static float[] scaled(VaeSpec spec) {
    float[] weights = InitialWeights.draw(new ParameterLayout(spec), spec.initializer(), 3);
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= 4;
    }
    return weights;
  }

  private static double byGrid(Vae vae, float[] x) {
    int points = 4001;
    double width = 16.0 / (points - 1);
    Matrix codes = Matrix.zeros(points, 1);
    for (int i = 0; i < points; i++) {
      codes.values()[i] = (float) (-8 + i * width);
    }
    Matrix means = vae.decode(codes);
    double sum = 0;
    for (int i = 0; i < points; i++) {
      double z = codes.at(i, 0);
      double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
      for (int d = 0; d < x.length; d++) {
        density *= x[d] == 1 ? means.at(i, d) : 1 - means.at(i, d);
      }
      sum += density * width;
    }
    return Math.log(sum);
  }

  /** The gradient of this likelihood refits the variance in training; here it must not. */
  @ParameterizedTest
  @ValueSource(
      strings = {"gaussian-optimal", "composite:0-1=gaussian:sigma=0.6;2-=gaussian-optimal"})
  void theModelStaysAsItIs(String text) {
    Likelihood likelihood = Likelihoods.parse(text);
    Matrix x = LinearDecoder.rows(5);
    try (Vae vae = LinearDecoder.model(likelihood, Kind.REFERENCE);
        DataSet data = DataSets.of(x)) {
      double before = vae.evaluate(data, 1, 0).elbo();
      AnnealedLikelihood estimate =
          vae.measure().annealedLogLikelihood(data, new AnnealOptions(100, 40, 4), 1);
      assertEquals(LinearDecoder.meanLogp(x), estimate.mean(), 4 * estimate.chainError());
      assertEquals(before, vae.evaluate(data, 1, 0).elbo(), 0);
    }
  }

  @Test
  void temperaturesAreASigmoidFromPriorToPosterior() {
    double[] powers = AnnealedImportance.powers(10);
    assertEquals(11, powers.length);
    assertEquals(0, powers[0], 0);
    assertEquals(1, powers[10], 0);
    assertEquals(0.5, powers[5], 1e-12);
    for (int t = 1; t <= 10; t++) {
      assertTrue(powers[t] > powers[t - 1]);
      assertEquals(1, powers[t] + powers[10 - t], 1e-12);
    }
    assertTrue(powers[1] < 0.05, "close at the ends");
    assertEquals(2, AnnealedImportance.powers(1).length);
  }

  @Test
  void oneChainHasNoErrorToShow() {
    try (Vae vae = LinearDecoder.model(GAUSSIAN, Kind.REFERENCE);
        DataSet data = DataSets.of(LinearDecoder.rows(3))) {
      AnnealedLikelihood estimate =
          vae.measure().annealedLogLikelihood(data, new AnnealOptions(1, 4, 1), 1);
      assertTrue(Double.isNaN(estimate.chainError()));
      assertEquals(1, estimate.effectiveChains(), 0);
      assertTrue(Double.isFinite(estimate.mean()));
    }
  }

  @Test
  void badArgumentsAreNamed() {
    Thrown.says(
        IllegalArgumentException.class, () -> new AnnealOptions(0, 10, 10), "chains", "given 0");
    Thrown.says(
        IllegalArgumentException.class,
        () -> new AnnealOptions(1, -3, 10),
        "temperatures",
        "given -3");
    Thrown.says(
        IllegalArgumentException.class, () -> new AnnealOptions(1, 10, 0), "leapfrogs", "given 0");
    try (Vae vae = LinearDecoder.model(GAUSSIAN, Kind.REFERENCE);
        DataSet narrow = DataSets.of(Matrix.zeros(4, 2))) {
      Thrown.says(
          VaeException.class,
          () -> vae.measure().annealedLogLikelihood(narrow, new AnnealOptions(1, 1, 1), 0),
          "rows of 2 values");
    }
  }
}
