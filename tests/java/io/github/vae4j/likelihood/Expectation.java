// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/**
 * E[g(x)] of one feature by brute force: a sum over all values of a mass, an integral over the line
 * or the unit interval of a density. It only uses {@link Likelihood#supports} and the nll of the
 * model, so that it detects a wrong constant, support or tail.
 */
final class Expectation {
  private static final int MOST = 20_000;
  private static final double STEP = 1.0 / 128;
  private static final double REACH = 4;

  private final Likelihood model;
  private final double[] parameters;
  private final double[] gradient;
  private final double center;

  Expectation(Likelihood model, double[] parameters) {
    this.model = model;
    this.parameters = parameters;
    this.gradient = new double[parameters.length];
    double[] mean = new double[1];
    model.mean(parameters, mean);
    this.center = mean[0];
  }

  double of(DoubleUnaryOperator g) {
    if (!model.isDensity()) {
      return sum(g);
    }
    return model.supports(0, 2)
        ? halfLine(u -> weighted(center + u, g)) + halfLine(u -> weighted(center - u, g))
        : unitInterval(x -> weighted(x, g));
  }

  private double weighted(double x, DoubleUnaryOperator g) {
    double p = Math.exp(-model.negativeLogLikelihood(parameters, new double[] {x}, gradient));
    // Far out, infinity times 0 would be NaN.
    return p == 0 ? 0 : p * g.applyAsDouble(x);
  }

  private double sum(DoubleUnaryOperator g) {
    double sum = 0;
    for (double x : values()) {
      sum += weighted(x, g);
    }
    return sum;
  }

  /** Whole numbers, and steps of 1 / (c - 1) for every constant c of the model. */
  private SortedSet<Double> values() {
    SortedSet<Double> values = new TreeSet<>();
    for (int i = -MOST; i <= MOST; i++) {
      add(values, i);
      for (double c : model.constants()) {
        add(values, i / (c - 1));
      }
    }
    return values;
  }

  private void add(SortedSet<Double> values, double x) {
    if (model.supports(0, x) && model.isLikelihoodAt(0, x)) {
      values.add(x + 0.0);
    }
  }

  /** Over u = exp(pi/2 sinh t), so that kinks at 0 and heavy tails do no harm. */
  private static double halfLine(DoubleUnaryOperator f) {
    double sum = 0;
    for (double t = -REACH; t <= REACH; t += STEP) {
      double u = Math.exp(Math.PI / 2 * Math.sinh(t));
      sum += f.applyAsDouble(u) * u * Math.cosh(t);
    }
    return sum * STEP * Math.PI / 2;
  }

  /** Simpson's rule. */
  private static double unitInterval(DoubleUnaryOperator f) {
    double sum = f.applyAsDouble(0) + f.applyAsDouble(1);
    for (int i = 1; i < MOST; i++) {
      sum += (i % 2 == 1 ? 4 : 2) * f.applyAsDouble((double) i / MOST);
    }
    return sum / (3 * MOST);
  }
}
