// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Values computed by SciPy 1.17, and limits and special cases of models. */
final class KnownAnswersTest {
  private static double nll(String text, double x, double... parameters) {
    double[] gradient = new double[parameters.length];
    return Likelihoods.parse(text).negativeLogLikelihood(parameters, new double[] {x}, gradient);
  }

  private static double[] gradient(String text, double x, double... parameters) {
    double[] gradient = new double[parameters.length];
    Likelihoods.parse(text).negativeLogLikelihood(parameters, new double[] {x}, gradient);
    return gradient;
  }

  @Test
  void valuesComputedElsewhere() {
    assertEquals(3.583105692425648, nll("poisson", 7, Math.log(3.2)), 1e-12);
    assertEquals(
        2.8542138048011627, nll("negative-binomial", 7, Math.log(4.2), Math.log(2.5)), 1e-12);
    assertEquals(1.8261220956899025, nll("student-t:nu=4", 1.3, 0.2, Math.log(0.7)), 1e-12);
    assertEquals(1.9079008080497846, nll("laplace:scale=0.7", 1.3, 0.2), 1e-12);
    assertEquals(1.9079008080497846, nll("laplace-learned", 1.3, 0.2, Math.log(0.7)), 1e-12);
    double logScale = Math.log(0.1);
    assertEquals(
        4.6917507847838635, nll("discretized-logistic", 128.0 / 255, 0.45, logScale), 1e-11);
    assertEquals(4.491657434230591, nll("discretized-logistic", 0, 0.45, logScale), 1e-12);
    assertEquals(5.48455119106453, nll("discretized-logistic", 1, 0.45, logScale), 1e-12);
  }

  /** For means beyond the levels and scales from a millionth of a step to many times all levels. */
  @Test
  void theMeanOfADiscretizedLogisticIsTheSumOfItsTails() {
    for (int levels : new int[] {2, 256, 65_536}) {
      Likelihood model = Likelihoods.parse("discretized-logistic:levels=" + levels);
      for (double location : new double[] {-1e6, -0.1, 0, 0.31, 0.5, 127.5 / 255, 1, 1.7, 1e6}) {
        for (double logScale : new double[] {-30, -12, -7, -5.5, -3, -1, 0, 4}) {
          double inverse = Math.exp(-Numerics.clampLog(logScale));
          double sum = 0;
          for (int level = 1; level < levels; level++) {
            sum += Numerics.sigmoid((location - (level - 0.5) / (levels - 1)) * inverse);
          }
          double[] mean = new double[1];
          model.mean(new double[] {location, logScale}, mean);
          assertEquals(
              sum / (levels - 1), mean[0], 1e-11, levels + " " + location + " " + logScale);
        }
      }
    }
    double[] mean = new double[1];
    Likelihoods.parse("discretized-logistic").mean(new double[] {Double.NaN, 0}, mean);
    assertEquals(Double.NaN, mean[0]);
    Likelihoods.parse("discretized-logistic").mean(new double[] {0, Double.NaN}, mean);
    assertEquals(Double.NaN, mean[0]);
  }

  @Test
  void continuousBernoulliAtLogitZeroIsUniform() {
    assertEquals(0, nll("continuous-bernoulli", 0.3, 0), 0);
    assertEquals(0.2, gradient("continuous-bernoulli", 0.3, 0)[0], 1e-15);
    for (double logit : new double[] {1e-300, 1e-9, 0.0299, 0.0301, 1, 40}) {
      double exact = Math.log(Math.expm1(logit) / logit) - 0.3 * logit;
      assertEquals(exact, nll("continuous-bernoulli", 0.3, logit), 1e-14);
      double mirrored = nll("continuous-bernoulli", 0.7, -logit);
      assertEquals(mirrored, nll("continuous-bernoulli", 0.3, logit), 1e-14);
    }
    double below = gradient("continuous-bernoulli", 0.3, 0.03 - 1e-12)[0];
    assertEquals(below, gradient("continuous-bernoulli", 0.3, 0.03)[0], 1e-13);
  }

  @Test
  void categoricalWithTwoLevelsIsBernoulli() {
    for (double x : new double[] {0, 1}) {
      assertEquals(nll("bernoulli", x, 1.7), nll("categorical", x, -0.4, 1.3), 1e-15);
      assertEquals(
          gradient("bernoulli", x, 1.7)[0], gradient("categorical", x, -0.4, 1.3)[1], 1e-15);
    }
  }

  @Test
  void studentTWithManyDegreesOfFreedomIsGaussian() {
    double gaussian = nll("gaussian-learned", 1.3, 0.2, 2 * Math.log(0.7));
    assertEquals(gaussian, nll("student-t:nu=1e9", 1.3, 0.2, Math.log(0.7)), 1e-8);
  }

  @Test
  void negativeBinomialOfSmallDispersionIsPoisson() {
    double logMean = Math.log(3.2);
    assertEquals(nll("poisson", 7, logMean), nll("negative-binomial", 7, logMean, 20), 1e-7);
    double[] gradient = gradient("negative-binomial", 7, logMean, 20);
    assertEquals(gradient("poisson", 7, logMean)[0], gradient[0], 1e-7);
    assertEquals(0, gradient[1], 1e-6);
  }

  @Test
  void withoutInflationItIsNegativeBinomial() {
    for (double x : new double[] {0, 4}) {
      assertEquals(
          nll("negative-binomial", x, 1, 0.5),
          nll("zero-inflated-negative-binomial", x, 1, 0.5, -200),
          1e-14);
    }
    assertEquals(0, nll("zero-inflated-negative-binomial", 0, 1, 0.5, 200), 1e-13);
    assertEquals(
        200 + nll("negative-binomial", 4, 1, 0.5),
        nll("zero-inflated-negative-binomial", 4, 1, 0.5, 200),
        1e-12);
  }

  @Test
  void mixtureOfOneIsItsComponent() {
    double[] own = gradient("discretized-logistic", 0.2, 0.45, -1);
    assertEquals(
        nll("discretized-logistic", 0.2, 0.45, -1),
        nll("discretized-logistic-mixture:components=1", 0.2, 3, 0.45, -1),
        1e-14);
    assertArrayEquals(
        new double[] {0, own[0], own[1]},
        gradient("discretized-logistic-mixture:components=1", 0.2, 3, 0.45, -1),
        1e-14);
  }

  @Test
  void discretizedLogisticIsExactWhereProbabilitiesUnderflow() {
    // 0.5 away at scale exp(-8): the difference of the two distribution functions is 0 in double.
    double scale = Math.exp(-8);
    double near = 0.5 - 0.5 / 255 - 0.1;
    double log = near / scale - Math.log1p(-Math.exp(-1 / (255 * scale)));
    double x = Math.rint(0.5 * 255) / 255;
    double shift = x - 0.5;
    assertEquals(log + shift / scale, nll("discretized-logistic", x, 0.1, -8), 1e-9);
  }
}
