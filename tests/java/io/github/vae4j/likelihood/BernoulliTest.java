// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class BernoulliTest {
  private final Bernoulli bernoulli = new Bernoulli();
  private final double[] gradient = new double[1];

  @Test
  void largeLogitsNeitherOverflowNorVanish() {
    assertEquals(0, nll(200, 1), 1e-80);
    assertEquals(0, gradient[0]);
    assertEquals(200, nll(200, 0), 1e-12);
    assertEquals(1, gradient[0]);
    assertEquals(0, nll(-200, 0), 1e-80);
    assertEquals(Math.exp(-200), gradient[0], 1e-100);
    assertEquals(200, nll(-200, 1), 1e-12);
    assertEquals(-1, gradient[0]);
  }

  @Test
  void aFairCoinCostsLogTwo() {
    assertEquals(Math.log(2), nll(0, 1), 1e-15);
    assertEquals(-0.5, gradient[0]);
    assertEquals(Math.log(2), nll(0, 0), 1e-15);
    assertEquals(0.5, gradient[0]);
  }

  @Test
  void greyValuesAreCrossEntropyButNotLikelihood() {
    double p = 1 / (1 + Math.exp(-0.3));
    assertEquals(-0.7 * Math.log(p) - 0.3 * Math.log(1 - p), nll(0.3, 0.7), 1e-14);
    assertTrue(bernoulli.supports(0.7));
    assertFalse(bernoulli.isLikelihoodAt(0.7));
    assertTrue(bernoulli.isLikelihoodAt(0));
    assertTrue(bernoulli.isLikelihoodAt(1));
    assertFalse(bernoulli.supports(-1e-9));
    assertFalse(bernoulli.supports(1.000001));
    assertFalse(bernoulli.isDensity());
  }

  private double nll(double logit, double x) {
    return bernoulli.featureNll(new double[] {logit}, x, gradient);
  }
}
