// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MultinomialTest {
  private static final double[] LOGITS = {Math.log(0.2) + 5, Math.log(0.5) + 5, Math.log(0.3) + 5};

  private final Multinomial model = new Multinomial(6);
  private final double[] gradient = new double[3];

  private double nll(double... x) {
    return model.negativeLogLikelihood(LOGITS, x, gradient);
  }

  /** SciPy's value. */
  @Test
  void isTheMassOfARowGivenItsTotal() {
    assertEquals(4.9336742529601265, nll(3, 0, 2), 1e-12);
    assertArrayEquals(new double[] {5 * 0.2 - 3, 5 * 0.5, 5 * 0.3 - 2}, gradient, 1e-12);
  }

  @Test
  void massesOfATotalSumToOne() {
    double sum = 0;
    double[] mean = new double[3];
    for (int a = 0; a <= 6; a++) {
      for (int b = 0; a + b <= 6; b++) {
        double p = Math.exp(-nll(a, b, 6 - a - b));
        sum += p;
        mean[0] += a * p;
        mean[1] += b * p;
        mean[2] += (6 - a - b) * p;
      }
    }
    assertEquals(1, sum, 1e-12);
    double[] own = new double[3];
    model.mean(LOGITS, own);
    assertArrayEquals(mean, own, 1e-12);
  }

  @Test
  void drawsHaveTheTotalAndTheMasses() {
    Random random = new Random(7);
    double[] x = new double[3];
    int draws = 50_000;
    int seen = 0;
    for (int i = 0; i < draws; i++) {
      model.sample(LOGITS, random, x);
      assertEquals(6, Arrays.stream(x).sum());
      seen += Arrays.equals(x, new double[] {1, 3, 2}) ? 1 : 0;
    }
    double p = Math.exp(-nll(1, 3, 2));
    assertEquals(p, seen / (double) draws, 4.5 * Math.sqrt(p * (1 - p) / draws));
  }

  @Test
  void missingFeaturesLeaveAMultinomialOfTheOthers() {
    double nll =
        model.negativeLogLikelihood(
            LOGITS, new double[] {3, Double.NaN, 2}, new boolean[] {true, false, true}, gradient);
    double[] others = new double[2];
    double[] logits = {LOGITS[0], LOGITS[2]};
    assertEquals(model.negativeLogLikelihood(logits, new double[] {3, 2}, others), nll, 1e-13);
    assertArrayEquals(new double[] {others[0], 0, others[1]}, gradient, 1e-13);
  }

  @Test
  void rowsWithoutCountsOrWithoutFeaturesCostNothing() {
    assertEquals(0, nll(0, 0, 0));
    assertArrayEquals(new double[3], gradient);
    assertEquals(0, model.negativeLogLikelihood(LOGITS, new double[3], new boolean[3], gradient));
    assertArrayEquals(new double[3], gradient);
  }
}
