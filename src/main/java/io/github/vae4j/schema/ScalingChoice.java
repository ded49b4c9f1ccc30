// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.random.NormalQuantile;
import io.github.vae4j.schema.Scaling.Rule;
import java.util.ArrayList;
import java.util.List;

/** Chooses the scaling of a numeric column from some of its values. */
final class ScalingChoice {
  /** The kurtosis from which tails are heavy: a normal variable has 3, a Laplace variable 6. */
  private static final double HEAVY = 8;

  /** The kurtosis and skewness up to which logarithms are as those of a log-normal variable. */
  private static final double NEARLY_NORMAL = 4.5;

  private static final double NEARLY_SYMMETRIC = 0.5;

  /** The greatest number of knots: the quantiles of more are between them. */
  private static final int MOST_KNOTS = 256;

  private ScalingChoice() {}

  /**
   * Chooses by the shape of the values.
   *
   * @param sorted values, at least one
   */
  static Scaling of(double[] sorted) {
    Shape plain = Shape.of(sorted);
    if (plain.kurtosis <= HEAVY) {
      return by(Rule.STANDARD, sorted);
    }
    if (sorted[0] > 0) {
      Shape logarithms = Shape.of(logarithms(sorted, 0));
      if (Math.abs(logarithms.skewness) < NEARLY_SYMMETRIC
          && logarithms.kurtosis < NEARLY_NORMAL
          && logarithms.deviation > 0) {
        return new Scaling(Rule.LOG, 0, logarithms.mean, logarithms.deviation);
      }
    }
    return by(Rule.ROBUST, sorted);
  }

  /**
   * Applies a rule.
   *
   * @param rule the rule
   * @param sorted values, at least one
   * @throws IllegalArgumentException if the rule is LOG and a value is negative
   */
  static Scaling by(Rule rule, double[] sorted) {
    return switch (rule) {
      case LOG -> {
        if (sorted[0] < 0) {
          throw new IllegalArgumentException(
              "scaling log: expected values of 0 or more, given " + sorted[0]);
        }
        double offset = offset(sorted);
        Shape shape = Shape.of(logarithms(sorted, offset));
        yield new Scaling(rule, offset, shape.mean, positive(shape.deviation, shape.mean));
      }
      case ROBUST -> robust(sorted);
      case STANDARD -> {
        Shape shape = Shape.of(sorted);
        yield new Scaling(rule, 0, shape.mean, positive(shape.deviation, shape.mean));
      }
    };
  }

  /** A deviation; that of a column with one value is the value's size, or 1. */
  private static double positive(double deviation, double center) {
    double least = Math.abs(center) * 1e-12;
    return deviation > least ? deviation : Math.max(Math.abs(center), 1);
  }

  /** 0 if all values are positive; else the median of those that are, so that 0 has a logarithm. */
  private static double offset(double[] sorted) {
    if (sorted[0] > 0) {
      return 0;
    }
    int first = 0;
    while (first < sorted.length && sorted[first] <= 0) {
      first++;
    }
    return first == sorted.length ? 1 : sorted[first + (sorted.length - first) / 2];
  }

  private static double[] logarithms(double[] sorted, double offset) {
    double[] logarithms = new double[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      logarithms[i] = Math.log(sorted[i] + offset);
    }
    return logarithms;
  }

  /**
   * The normal scores of mean ranks (van der Waerden), of which some are kept where there are many;
   * the first and the last are always among them.
   */
  private static Scaling robust(double[] sorted) {
    List<Double> values = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    for (int first = 0; first < sorted.length; ) {
      int end = first;
      while (end < sorted.length && sorted[end] == sorted[first]) {
        end++;
      }
      double rank = (first + end + 1) / 2.0;
      values.add(sorted[first]);
      scores.add(NormalQuantile.of(rank / (sorted.length + 1)));
      first = end;
    }
    Shape shape = Shape.of(sorted);
    double scale = positive(shape.deviation, shape.mean);
    List<Double> knots = new ArrayList<>();
    List<Double> kept = new ArrayList<>();
    int count = Math.min(MOST_KNOTS, values.size());
    for (int i = 0; i < count; i++) {
      int at = count == 1 ? 0 : (int) ((long) i * (values.size() - 1) / (count - 1));
      knots.add(values.get(at));
      kept.add(scores.get(at));
    }
    return new Scaling(Rule.ROBUST, 0, 0, scale, knots, kept);
  }

  /** Mean, standard deviation, skewness and kurtosis; the last two are 0 without a deviation. */
  record Shape(double mean, double deviation, double skewness, double kurtosis) {
    static Shape of(double[] values) {
      double mean = 0;
      for (double value : values) {
        mean += value / values.length;
      }
      double largest = 0;
      for (double value : values) {
        largest = Math.max(largest, Math.abs(value - mean));
      }
      if (largest == 0) {
        return new Shape(mean, 0, 0, 0);
      }
      double second = 0;
      double third = 0;
      double fourth = 0;
      for (double value : values) {
        // Relative, so that no power of a large value is infinite.
        double part = (value - mean) / largest;
        second += part * part / values.length;
        third += part * part * part / values.length;
        fourth += part * part * part * part / values.length;
      }
      return new Shape(
          mean,
          largest * Math.sqrt(second),
          third / Math.pow(second, 1.5),
          fourth / (second * second));
    }
  }
}
