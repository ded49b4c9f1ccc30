// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.op.Reparameterize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Known values of both Gaussian likelihoods. */
final class GaussianTest {
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  @Test
  void nllHasItsConstants() {
    double[] gradient = new double[1];
    double nll = new Gaussian(0.1).featureNll(new double[] {2}, 2.05, gradient);
    assertEquals(0.5 * 0.25 + Math.log(0.1) + LOG_TWO_PI / 2, nll, 1e-12);
    assertEquals(-5, gradient[0], 1e-12);
    assertArrayEquals(new double[] {0.1}, new Gaussian(0.1).constants());
    assertTrue(new Gaussian(0.1).isDensity());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void sigmaIsAPositiveNumber(double sigma) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Gaussian(sigma)).getMessage();
    assertEquals("gaussian: sigma: expected a number above 0, given " + sigma, message);
  }

  @Test
  void learnedEqualsFixedWhereItsVarianceIsThatOne() {
    double[] fixed = new double[1];
    double[] learned = new double[2];
    double logvar = 2 * Math.log(0.3);
    assertEquals(
        new Gaussian(0.3).featureNll(new double[] {1}, 1.2, fixed),
        new GaussianLearned().featureNll(new double[] {1, logvar}, 1.2, learned),
        1e-12);
    assertEquals(fixed[0], learned[0], 1e-12);
  }

  @Test
  void logVarianceIsClampedAndItsGradientStopsThere() {
    double[] gradient = new double[2];
    GaussianLearned learned = new GaussianLearned();
    double atLeast = learned.featureNll(new double[] {0, -30}, 0, gradient);
    assertEquals(0.5, gradient[1]);
    assertEquals(atLeast, learned.featureNll(new double[] {0, -200}, 0, gradient));
    assertEquals(0, gradient[1]);
    double atMost = learned.featureNll(new double[] {0, 20}, 3, gradient);
    assertEquals(0.5, gradient[1], 1e-7);
    assertEquals(atMost, learned.featureNll(new double[] {0, 1e30}, 3, gradient));
    assertEquals(0, gradient[1]);
  }

  @Test
  void theClampIsThatOfThePosterior() {
    assertEquals(Reparameterize.MIN_LOGVAR, Numerics.MIN_LOG);
    assertEquals(Reparameterize.MAX_LOGVAR, Numerics.MAX_LOG);
  }

  @Test
  void parametersAreMeansThenLogVariances() {
    GaussianLearned learned = new GaussianLearned();
    double[] mean = new double[2];
    learned.mean(new double[] {1, 2, 30, 40}, mean);
    assertArrayEquals(new double[] {1, 2}, mean);
    assertEquals(4, learned.parameters(2));
  }
}
