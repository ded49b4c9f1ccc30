package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every registered observation model. */
final class LikelihoodTest {
  private static final int FEATURES = 4;

  /** Every model with its defaults, and some with other settings. */
  static List<Likelihood> models() {
    return Stream.concat(
            Likelihoods.all().stream(),
            Stream.of("gaussian:sigma=0.1", "gaussian:sigma=30").map(Likelihoods::parse))
        .toList();
  }

  static List<FeatureLikelihood> separable() {
    return models().stream()
        .filter(FeatureLikelihood.class::isInstance)
        .map(FeatureLikelihood.class::cast)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientIsTheDerivative(Likelihood model) {
    Random random = new Random(1);
    for (int trial = 0; trial < 20; trial++) {
      // From the middle of the range to where float32 would saturate.
      double spread = trial < 10 ? 1 : 8;
      double[] parameters = normal(random, model.parameters(FEATURES), spread);
      double[] x = new double[FEATURES];
      model.sample(parameters, random, x);
      double[] gradient = new double[parameters.length];
      model.negativeLogLikelihood(parameters, x, gradient);
      for (int k = 0; k < parameters.length; k++) {
        double numeric = derivative(model, parameters, x, k);
        assertEquals(numeric, gradient[k], 1e-6 * (1 + Math.abs(numeric)), "parameter " + k);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void samplesAreSupportedAndHaveTheMean(Likelihood model) {
    Random random = new Random(2);
    double[] parameters = normal(random, model.parameters(FEATURES), 1);
    double[] mean = new double[FEATURES];
    model.mean(parameters, mean);
    int draws = 20_000;
    double[] sum = new double[FEATURES];
    double[] squares = new double[FEATURES];
    double[] x = new double[FEATURES];
    for (int i = 0; i < draws; i++) {
      model.sample(parameters, random, x);
      for (int d = 0; d < FEATURES; d++) {
        assertTrue(model.supports(x[d]) && model.isLikelihoodAt(x[d]), "draw " + x[d]);
        sum[d] += x[d];
        squares[d] += x[d] * x[d];
      }
    }
    for (int d = 0; d < FEATURES; d++) {
      double average = sum[d] / draws;
      double error = Math.sqrt((squares[d] / draws - average * average) / draws);
      assertEquals(mean[d], average, 5 * error, "feature " + d);
    }
  }

  @ParameterizedTest
  @MethodSource("separable")
  void probabilitiesSumToOne(FeatureLikelihood model) {
    Random random = new Random(3);
    for (int trial = 0; trial < 5; trial++) {
      double[] parameters = normal(random, model.parametersPerFeature(), 1);
      double total = model.isDensity() ? integral(model, parameters) : sum(model, parameters);
      assertEquals(1, total, 1e-6);
    }
  }

  /** Over x = tan t, so that the whole line is covered. */
  private static double integral(FeatureLikelihood model, double[] parameters) {
    int steps = 2_000_000;
    double total = 0;
    double[] gradient = new double[parameters.length];
    for (int i = 0; i < steps; i++) {
      double t = Math.PI * ((i + 0.5) / steps - 0.5);
      double x = Math.tan(t);
      if (model.supports(x)) {
        double density = Math.exp(-model.featureNll(parameters, x, gradient));
        total += density * (1 + x * x) * Math.PI / steps;
      }
    }
    return total;
  }

  private static double sum(FeatureLikelihood model, double[] parameters) {
    double total = 0;
    double[] gradient = new double[parameters.length];
    for (int x = -1000; x <= 1000; x++) {
      if (model.supports(x) && model.isLikelihoodAt(x)) {
        total += Math.exp(-model.featureNll(parameters, x, gradient));
      }
    }
    return total;
  }

  @ParameterizedTest
  @MethodSource("separable")
  void rowsAreSumsOfFeatures(FeatureLikelihood model) {
    Random random = new Random(4);
    int width = model.parametersPerFeature();
    double[] parameters = normal(random, model.parameters(FEATURES), 1);
    double[] x = new double[FEATURES];
    model.sample(parameters, random, x);
    double[] gradient = new double[parameters.length];
    double nll = model.negativeLogLikelihood(parameters, x, gradient);
    double sum = 0;
    for (int d = 0; d < FEATURES; d++) {
      double[] own = new double[width];
      double[] ownGradient = new double[width];
      for (int k = 0; k < width; k++) {
        own[k] = parameters[k * FEATURES + d];
      }
      sum += model.featureNll(own, x[d], ownGradient);
      for (int k = 0; k < width; k++) {
        assertEquals(ownGradient[k], gradient[k * FEATURES + d]);
      }
    }
    assertEquals(sum, nll, 1e-12 * Math.abs(sum));
  }

  @ParameterizedTest
  @MethodSource("models")
  void nanIsNotHidden(Likelihood model) {
    for (int k = 0; k < model.parameters(1); k++) {
      double[] parameters = new double[model.parameters(1)];
      parameters[k] = Double.NaN;
      double[] gradient = new double[parameters.length];
      double nll = model.negativeLogLikelihood(parameters, new double[] {1}, gradient);
      assertTrue(Double.isNaN(nll), "nll for NaN in parameter " + k);
      assertTrue(Double.isNaN(gradient[k]), "gradient for NaN in parameter " + k);
    }
    assertFalse(model.supports(Double.NaN));
    assertFalse(model.supports(Double.POSITIVE_INFINITY));
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

  private static double derivative(Likelihood model, double[] parameters, double[] x, int k) {
    double h = 1e-5;
    double[] ignored = new double[parameters.length];
    double[] moved = parameters.clone();
    moved[k] = parameters[k] + h;
    double above = model.negativeLogLikelihood(moved, x, ignored);
    moved[k] = parameters[k] - h;
    double below = model.negativeLogLikelihood(moved, x, ignored);
    return (above - below) / (2 * h);
  }

  private static double[] normal(Random random, int count, double spread) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = spread * random.nextGaussian();
    }
    return values;
  }
}
