// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SamplingTest {
  private static final int DRAWS = 100_000;

  private final Random random = new Random(9);

  /** Mean and variance within 5 standard errors; the excess kurtosis is the distribution's. */
  private static void check(double mean, double variance, double kurtosis, DoubleSupplier draw) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double x = draw.getAsDouble() - mean;
      sum += x;
      squares += x * x;
    }
    assertEquals(0, sum / DRAWS, 5 * Math.sqrt(variance / DRAWS));
    double error = variance * Math.sqrt((2 + kurtosis) / DRAWS);
    assertEquals(variance, squares / DRAWS, 5 * error);
  }

  /** Both algorithms, both sides of where one takes over from the other. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 3, 11.9, 12, 40, 1e5, 4e8})
  void poisson(double rate) {
    check(rate, rate, 1 / rate, () -> Sampling.poisson(rate, random));
  }

  /** The masses themselves where rejection begins. */
  @Test
  void poissonHasItsMasses() {
    double rate = 12.5;
    int[] counts = new int[60];
    for (int i = 0; i < DRAWS; i++) {
      counts[(int) Sampling.poisson(rate, random)]++;
    }
    for (int k = 0; k < 30; k++) {
      double p = Math.exp(k * Math.log(rate) - rate - GammaFunctions.logFactorial(k));
      assertEquals(p * DRAWS, counts[k], 5 * Math.sqrt(p * DRAWS) + 1, "count " + k);
    }
  }

  /** With few trials, around where these begin, with odd and even numbers, and with many. */
  @ParameterizedTest
  @CsvSource({
    "1,0.3",
    "32,0.5",
    "33,0.5",
    "100,0.01",
    "2001,0.9",
    "1000000,0.4",
    "2147483647,1e-9"
  })
  void binomial(long trials, double p) {
    double variance = trials * p * (1 - p);
    double kurtosis = (1 - 6 * p * (1 - p)) / variance;
    check(trials * p, variance, kurtosis, () -> Sampling.binomial(trials, p, random));
  }

  @Test
  void binomialHasItsMasses() {
    int trials = 40;
    double p = 0.35;
    int[] counts = new int[trials + 1];
    for (int i = 0; i < DRAWS; i++) {
      counts[(int) Sampling.binomial(trials, p, random)]++;
    }
    for (int k = 0; k <= trials; k++) {
      double logWays =
          GammaFunctions.logFactorial(trials)
              - GammaFunctions.logFactorial(k)
              - GammaFunctions.logFactorial(trials - k);
      double mass = Math.exp(logWays + k * Math.log(p) + (trials - k) * Math.log(1 - p));
      assertEquals(mass * DRAWS, counts[k], 5 * Math.sqrt(mass * DRAWS) + 1, "successes " + k);
    }
  }

  @Test
  void binomialWithoutChoice() {
    assertEquals(Integer.MAX_VALUE, Sampling.binomial(Integer.MAX_VALUE, 1, random));
    assertEquals(0, Sampling.binomial(Integer.MAX_VALUE, 0, random));
    assertEquals(0, Sampling.binomial(0, 0.5, random));
    long undefined = Sampling.binomial(1000, Double.NaN, random);
    assertTrue(undefined >= 0 && undefined <= 1000, "" + undefined);
  }

  /** One by one, and feature by feature. */
  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, Integer.MAX_VALUE})
  void multinomialDividesAllDraws(int draws) {
    double[] probabilities = {0.5, 0, 0.3, 0.2, 0};
    double[] counts = new double[probabilities.length];
    double[] sums = new double[probabilities.length];
    int times = 200;
    for (int i = 0; i < times; i++) {
      Sampling.multinomial(draws, probabilities, random, counts);
      assertEquals(draws, Arrays.stream(counts).sum());
      for (int d = 0; d < sums.length; d++) {
        sums[d] += counts[d];
      }
    }
    double all = (double) draws * times;
    for (int d = 0; d < sums.length; d++) {
      double p = probabilities[d];
      assertEquals(p * all, sums[d], 5 * Math.sqrt(p * (1 - p) * all), "feature " + d);
    }
  }

  /** They do not search for a draw without end. */
  @Test
  void parametersThatAreNotFiniteAreReturned() {
    assertEquals(Double.NaN, Sampling.poisson(Double.NaN, random));
    assertEquals(Double.POSITIVE_INFINITY, Sampling.poisson(Double.POSITIVE_INFINITY, random));
    assertEquals(Double.NaN, Sampling.gamma(Double.NaN, random));
  }

  @Test
  void poissonOfRateZeroIsZero() {
    assertEquals(0, Sampling.poisson(0, random));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.7, 1, 2.5, 300})
  void gamma(double shape) {
    check(shape, shape, 6 / shape, () -> Sampling.gamma(shape, random));
  }

  @Test
  void tinyShapesUnderflowToZeroNotToNan() {
    for (int i = 0; i < 100; i++) {
      assertTrue(Sampling.gamma(1e-13, random) >= 0);
    }
  }

  @Test
  void indexFollowsItsProbabilities() {
    double[] probabilities = {0.5, 0, 0.2, 0.3};
    int[] counts = new int[4];
    for (int i = 0; i < DRAWS; i++) {
      counts[Sampling.index(probabilities, random)]++;
    }
    for (int k = 0; k < 4; k++) {
      double p = probabilities[k];
      assertEquals(p * DRAWS, counts[k], 5 * Math.sqrt(p * (1 - p) * DRAWS));
    }
  }
}
