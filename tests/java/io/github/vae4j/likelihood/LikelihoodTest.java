// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of every registered observation model. */
final class LikelihoodTest {
  private static final int FEATURES = 4;

  /** Parameters beside and beyond every clamp, and where float32 saturates. */
  private static final double[] EXTREMES = {-200, -31, -29.9, -20, 0.3, 19.9, 21, 200};

  /** Values of x that some models support. */
  private static final double[] VALUES = {-1e4, -0.3, 0, 0.25, 1, 7, 1000, 1e6};

  static List<Likelihood> models() {
    return Models.all();
  }

  static List<Likelihood> columns() {
    return Models.columns();
  }

  static List<FeatureLikelihood> separable() {
    return Models.separable();
  }

  @Test
  void everyModelWithSettingsIsTestedWithOthersThanItsDefaults() {
    for (Likelihoods.Entry entry : Likelihoods.entries()) {
      boolean others =
          Models.all().stream()
              .anyMatch(
                  model -> model.name().equals(entry.name()) && !model.equals(entry.standard()));
      assertTrue(entry.settings().isEmpty() || others, entry.name());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientIsTheDerivative(Likelihood model) {
    Random random = new Random(1);
    for (int trial = 0; trial < 20; trial++) {
      // From the middle of the range to where float32 would saturate.
      double spread = trial < 10 ? 1 : 8;
      double[] parameters = Models.normal(random, Models.count(model, FEATURES), spread);
      double[] x = new double[FEATURES];
      model.sample(Models.normal(random, parameters.length, 1), random, x);
      checkGradient(model, parameters, x);
    }
  }

  /** One feature, each parameter at each extreme beside ordinary others, x all over the support. */
  @ParameterizedTest
  @MethodSource("models")
  void gradientIsTheDerivativeAtExtremes(Likelihood model) {
    Random random = new Random(2);
    for (int k = 0; k < Models.count(model, 1); k++) {
      for (double extreme : EXTREMES) {
        for (double x : supported(model, random)) {
          double[] parameters = Models.normal(random, Models.count(model, 1), 1);
          parameters[k] = extreme;
          checkGradient(model, parameters, new double[] {x});
        }
      }
    }
  }

  private static List<Double> supported(Likelihood model, Random random) {
    List<Double> values = new ArrayList<>();
    for (double x : VALUES) {
      if (model.supports(0, x)) {
        values.add(x);
      }
    }
    double[] drawn = new double[1];
    model.sample(Models.normal(random, Models.count(model, 1), 1), random, drawn);
    values.add(drawn[0]);
    return values;
  }

  private static void checkGradient(Likelihood model, double[] parameters, double[] x) {
    double[] gradient = new double[parameters.length];
    double nll = model.negativeLogLikelihood(parameters, x, gradient);
    assertTrue(Double.isFinite(nll), "nll " + nll);
    // Terms of size x times parameter may cancel in the nll; their roundings stay.
    double largest = 10;
    for (double parameter : parameters) {
      largest = Math.max(largest, Math.abs(parameter));
    }
    double roundings = 1e-10 * (Math.abs(nll) + largest * Math.abs(x[0]));
    for (int k = 0; k < parameters.length; k++) {
      double numeric = derivative(model, parameters, x, k);
      assertEquals(
          numeric,
          gradient[k],
          1e-7 * (1 + Math.abs(numeric)) + roundings,
          () -> "parameters " + List.of(box(parameters)) + " x " + List.of(box(x)));
    }
  }

  private static Double[] box(double[] values) {
    Double[] boxed = new Double[values.length];
    for (int i = 0; i < values.length; i++) {
      boxed[i] = values[i];
    }
    return boxed;
  }

  /** The difference quotient whose error is of fourth order. */
  private static double derivative(Likelihood model, double[] parameters, double[] x, int k) {
    double h = 2e-5;
    double near = difference(model, parameters, x, k, h);
    double far = difference(model, parameters, x, k, 2 * h);
    return (8 * near - far) / (12 * h);
  }

  private static double difference(
      Likelihood model, double[] parameters, double[] x, int k, double h) {
    double[] ignored = new double[parameters.length];
    double[] moved = parameters.clone();
    moved[k] = parameters[k] + h;
    double above = model.negativeLogLikelihood(moved, x, ignored);
    moved[k] = parameters[k] - h;
    return above - model.negativeLogLikelihood(moved, x, ignored);
  }

  @ParameterizedTest
  @MethodSource("columns")
  void probabilitiesSumToOne(Likelihood model) {
    Random random = new Random(3);
    for (int trial = 0; trial < 5; trial++) {
      double[] parameters = Models.normal(random, Models.count(model, 1), 1);
      assertEquals(1, new Expectation(model, parameters).of(x -> 1), 1e-9);
    }
  }

  /** Draws follow the nll: their averages of bounded functions are the expectations. */
  @ParameterizedTest
  @MethodSource("columns")
  void drawsFollowTheNll(Likelihood model) {
    Random random = new Random(4);
    double[] parameters = Models.normal(random, Models.count(model, 1), 1);
    double[] center = new double[1];
    model.mean(parameters, center);
    Expectation expectation = new Expectation(model, parameters);
    List<DoubleUnaryOperator> functions =
        List.of(
            x -> Math.tanh(x - center[0]),
            x -> 1 / (1 + (x - center[0]) * (x - center[0])),
            x -> 1 / (1 + Math.pow(3 * (x - center[0]) - 1, 2)));
    int draws = 40_000;
    double[] sum = new double[functions.size()];
    double[] squares = new double[functions.size()];
    double[] x = new double[1];
    for (int i = 0; i < draws; i++) {
      model.sample(parameters, random, x);
      assertTrue(model.supports(0, x[0]) && model.isLikelihoodAt(0, x[0]), "draw " + x[0]);
      for (int j = 0; j < sum.length; j++) {
        double value = functions.get(j).applyAsDouble(x[0]);
        sum[j] += value;
        squares[j] += value * value;
      }
    }
    for (int j = 0; j < sum.length; j++) {
      double average = sum[j] / draws;
      double error = Math.sqrt(Math.max(0, squares[j] / draws - average * average) / draws);
      assertEquals(expectation.of(functions.get(j)), average, 4.5 * error + 1e-9, "function " + j);
    }
  }

  @ParameterizedTest
  @MethodSource("columns")
  void meanIsTheExpectation(Likelihood model) {
    Random random = new Random(5);
    for (int trial = 0; trial < 5; trial++) {
      double[] parameters = Models.normal(random, Models.count(model, 1), 1);
      double[] mean = new double[1];
      model.mean(parameters, mean);
      if (model instanceof Categorical categorical) {
        for (int level = 0; level < categorical.levels(); level++) {
          assertTrue(parameters[level] <= parameters[(int) mean[0]]);
        }
      } else {
        double expected = new Expectation(model, parameters).of(x -> x);
        assertEquals(expected, mean[0], 1e-7 * (1 + Math.abs(expected)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("separable")
  void rowsAreSumsOfFeatures(FeatureLikelihood model) {
    Random random = new Random(6);
    double[] parameters = Models.normal(random, Models.count(model, FEATURES), 1);
    double[] x = new double[FEATURES];
    model.sample(parameters, random, x);
    x[1] = Double.NaN;
    boolean[] observed = {true, false, true, true};
    double[] gradient = new double[parameters.length];
    double nll = model.negativeLogLikelihood(parameters, x, observed, gradient);
    int width = model.parametersPerFeature();
    double[] expected = new double[parameters.length];
    double sum = 0;
    for (int d = 0; d < FEATURES; d++) {
      double[] own = new double[width + model.shared(FEATURES)];
      double[] ownGradient = new double[own.length];
      for (int k = 0; k < own.length; k++) {
        own[k] = parameters[k < width ? k * FEATURES + d : width * (FEATURES - 1) + k];
      }
      if (observed[d]) {
        sum += model.featureNll(own, x[d], ownGradient);
      }
      for (int k = 0; k < own.length; k++) {
        expected[k < width ? k * FEATURES + d : width * (FEATURES - 1) + k] += ownGradient[k];
      }
    }
    assertEquals(sum, nll, 1e-12 * Math.abs(sum));
    assertArrayEquals(expected, gradient, 1e-12);
  }

  @ParameterizedTest
  @MethodSource("models")
  void nanIsNotHidden(Likelihood model) {
    for (int k = 0; k < Models.count(model, 1); k++) {
      double[] parameters = new double[Models.count(model, 1)];
      parameters[k] = Double.NaN;
      double[] gradient = new double[parameters.length];
      double nll = model.negativeLogLikelihood(parameters, new double[] {1}, gradient);
      assertTrue(Double.isNaN(nll), "nll for NaN in parameter " + k);
      assertTrue(Double.isNaN(gradient[k]), "gradient for NaN in parameter " + k);
    }
    assertFalse(model.supports(0, Double.NaN));
    assertFalse(model.supports(0, Double.POSITIVE_INFINITY));
    assertFalse(model.supports(0, Double.NEGATIVE_INFINITY));
  }

  @ParameterizedTest
  @MethodSource("models")
  void textIsWhatItIsParsedFrom(Likelihood model) {
    Likelihood again = Likelihoods.parse(model.toString());
    assertEquals(model, again);
    assertEquals(model.hashCode(), again.hashCode());
    assertEquals(model.toString(), again.toString());
    assertTrue(model.toString().startsWith(model.name()));
    assertFalse(model.support().isEmpty());
  }
}
