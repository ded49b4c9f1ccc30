// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.sampler.MixtureConfig.Covariance;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianMixtureTest {
  /** Three components, of which the first has correlated dimensions. */
  private static final GaussianMixture KNOWN =
      new GaussianMixture(
          new double[] {0.5, 0.3, 0.2},
          new double[][] {{-2, 0}, {2, 1}, {1, -3}},
          new double[][] {{0.8, 0, 0.5, 0.4}, {0.5, 0, 0, 0.7}, {0.3, 0, -0.2, 0.6}});

  private static Matrix draw(GaussianMixture mixture, int n, long seed, double temperature) {
    try (Backend backend = Backends.open(new BackendOptions(Kind.REFERENCE, 1, Precision.FP32))) {
      return mixture.draw(backend, n, seed, temperature);
    }
  }

  @Test
  void emRecoversAKnownMixture() {
    MixtureFit fit = GaussianMixture.fit(draw(KNOWN, 20_000, 1, 1), MixtureConfig.of(3, 7));
    assertTrue(fit.converged());
    GaussianMixture found = fit.mixture();
    for (int k = 0; k < 3; k++) {
      int match = nearest(found, KNOWN.means()[k]);
      assertEquals(KNOWN.weights()[k], found.weights()[match], 0.01);
      assertArrayEquals(KNOWN.means()[k], found.means()[match], 0.03);
      assertArrayEquals(KNOWN.covariance(k), found.covariance(match), 0.03);
    }
  }

  private static int nearest(GaussianMixture mixture, double[] mean) {
    int best = 0;
    for (int k = 0; k < mixture.components(); k++) {
      double[] now = mixture.means()[k];
      double[] least = mixture.means()[best];
      if (Math.hypot(now[0] - mean[0], now[1] - mean[1])
          < Math.hypot(least[0] - mean[0], least[1] - mean[1])) {
        best = k;
      }
    }
    return best;
  }

  /** More components than there are: they overlap, and EM has far to go. */
  @ParameterizedTest
  @EnumSource(Covariance.class)
  void theLikelihoodNeverFalls(Covariance covariance) {
    Matrix codes = draw(KNOWN, 3_000, 2, 1);
    MixtureFit fit = GaussianMixture.fit(codes, new MixtureConfig(6, covariance, 60, 0, 3));
    double[] history = fit.logLikelihoods();
    assertTrue(history.length > 20, "steps " + history.length);
    for (int i = 1; i < history.length; i++) {
      assertTrue(history[i] >= history[i - 1] - 1e-12, "step " + i);
    }
    double mean = Arrays.stream(fit.mixture().logDensity(codes)).average().orElseThrow();
    assertEquals(history[history.length - 1], mean, 1e-12);
  }

  @Test
  void diagonalCovariancesAreDiagonal() {
    MixtureConfig config = new MixtureConfig(3, Covariance.DIAGONAL, 100, 1e-6, 1);
    GaussianMixture found = GaussianMixture.fit(draw(KNOWN, 5_000, 1, 1), config).mixture();
    int first = nearest(found, KNOWN.means()[0]);
    assertEquals(0, found.covariance(first)[1]);
    assertEquals(KNOWN.covariance(0)[0], found.covariance(first)[0], 0.05);
    assertEquals(KNOWN.covariance(0)[3], found.covariance(first)[3], 0.05);
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    Matrix codes = draw(KNOWN, 5_000, 4, 1);
    GaussianMixture one = GaussianMixture.fit(codes, MixtureConfig.of(5, 1)).mixture();
    GaussianMixture two = GaussianMixture.fit(codes, MixtureConfig.of(5, 1)).mixture();
    assertArrayEquals(one.weights(), two.weights());
    assertTrue(Arrays.deepEquals(one.means(), two.means()));
    assertTrue(Arrays.deepEquals(one.factors(), two.factors()));
    GaussianMixture other = GaussianMixture.fit(codes, MixtureConfig.of(5, 2)).mixture();
    assertFalse(Arrays.deepEquals(one.means(), other.means()));
  }

  /** E[z] = sum w m and Cov[z] = sum w (C + m m^T) - E E^T. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0})
  void momentsOfDrawsAreTheMixtures(double temperature) {
    Matrix codes = draw(KNOWN, 40_000, 6, temperature);
    double[] mean = new double[2];
    double[] covariance = new double[4];
    for (int k = 0; k < 3; k++) {
      double weight = KNOWN.weights()[k];
      double[] m = KNOWN.means()[k];
      for (int i = 0; i < 2; i++) {
        mean[i] += weight * m[i];
        for (int j = 0; j < 2; j++) {
          double within = temperature * temperature * KNOWN.covariance(k)[2 * i + j];
          covariance[2 * i + j] += weight * (within + m[i] * m[j]);
        }
      }
    }
    double[] sum = new double[2];
    double[] products = new double[4];
    for (int row = 0; row < codes.rows(); row++) {
      for (int i = 0; i < 2; i++) {
        sum[i] += codes.at(row, i) / (double) codes.rows();
        for (int j = 0; j < 2; j++) {
          products[2 * i + j] += codes.at(row, i) * codes.at(row, j) / (double) codes.rows();
        }
      }
    }
    assertArrayEquals(mean, sum, 0.03);
    assertArrayEquals(covariance, products, 0.08);
  }

  @Test
  void aDrawDoesNotDependOnHowManyThereAre() {
    assertArrayEquals(draw(KNOWN, 100, 9, 1).row(7), draw(KNOWN, 8, 9, 1).row(7));
  }

  @Test
  void theDensityIsThatOfTheFormula() {
    double[] covariance = KNOWN.covariance(0);
    double determinant = covariance[0] * covariance[3] - covariance[1] * covariance[2];
    GaussianMixture first =
        new GaussianMixture(
            new double[] {1},
            new double[][] {KNOWN.means()[0]},
            new double[][] {KNOWN.factors()[0]});
    double x = -1 - KNOWN.means()[0][0];
    double y = 0.5 - KNOWN.means()[0][1];
    double quadratic =
        (covariance[3] * x * x - 2 * covariance[1] * x * y + covariance[0] * y * y) / determinant;
    double expected = -Math.log(2 * Math.PI) - (Math.log(determinant) + quadratic) / 2;
    Matrix code = new Matrix(1, 2, new float[] {-1f, 0.5f});
    assertEquals(expected, first.logDensity(code)[0], 1e-12);
    // Far out nothing underflows to a density of 0.
    Matrix far = new Matrix(1, 2, new float[] {1e4f, 1e4f});
    assertTrue(Double.isFinite(KNOWN.logDensity(far)[0]));
  }

  /** Codes on a line: a full covariance is singular there. Copies of two points: no variance. */
  @ParameterizedTest
  @EnumSource(Covariance.class)
  void degenerateCodesGiveARegularMixture(Covariance covariance) {
    Matrix line = Matrix.zeros(50, 3);
    Matrix points = Matrix.zeros(50, 3);
    for (int row = 0; row < 50; row++) {
      for (int j = 0; j < 3; j++) {
        line.values()[3 * row + j] = row * (j + 1);
        points.values()[3 * row + j] = row % 2;
      }
    }
    MixtureConfig config = new MixtureConfig(4, covariance, 50, 1e-6, 1);
    for (Matrix codes : new Matrix[] {line, points, Matrix.zeros(50, 3)}) {
      MixtureFit fit = GaussianMixture.fit(codes, config);
      for (double density : fit.mixture().logDensity(codes)) {
        assertTrue(Double.isFinite(density));
      }
      assertEquals(1, Arrays.stream(fit.mixture().weights()).sum(), 1e-12);
    }
    GaussianMixture two = GaussianMixture.fit(points, config).mixture();
    assertEquals(2, two.components(), "no more components than different codes");
    assertEquals(1, GaussianMixture.fit(Matrix.zeros(9, 2), config).mixture().components());
    // As many components as codes.
    Matrix few = new Matrix(4, 3, Arrays.copyOf(line.values(), 12));
    assertEquals(4, GaussianMixture.fit(few, config).mixture().components());
  }

  @Test
  void badArgumentsAreNamed() {
    Matrix codes = Matrix.zeros(3, 2);
    Class<IllegalArgumentException> type = IllegalArgumentException.class;
    Thrown.says(type, () -> MixtureConfig.of(0, 1), "components: expected 1 or more, given 0");
    Thrown.says(
        type,
        () -> GaussianMixture.fit(codes, MixtureConfig.of(4, 1)),
        "components: expected at most the number of codes, 3, given 4");
    Thrown.says(
        type, () -> new MixtureConfig(1, Covariance.FULL, 0, 0, 1), "iterations", "given 0");
    Thrown.says(
        type, () -> new MixtureConfig(1, Covariance.FULL, 1, Double.NaN, 1), "tolerance", "NaN");
    codes.values()[5] = Float.NaN;
    Thrown.says(
        type,
        () -> GaussianMixture.fit(codes, MixtureConfig.of(1, 1)),
        "code 2, dimension 1",
        "NaN");
    Thrown.says(type, () -> KNOWN.logDensity(Matrix.zeros(1, 3)), "2 dimensions, given 3");
    Thrown.says(
        type,
        () ->
            new GaussianMixture(new double[] {0.4, 0.4}, KNOWN.means(), new double[][] {{1}, {1}}),
        "given 3, 2 and 2");
    Thrown.says(
        type,
        () -> new GaussianMixture(new double[] {0.4}, new double[][] {{0}}, new double[][] {{1}}),
        "sum is 1, given 0.4");
    Thrown.says(
        type,
        () -> new GaussianMixture(new double[] {1}, new double[][] {{0}}, new double[][] {{0}}),
        "component 0, dimension 0");
  }
}
