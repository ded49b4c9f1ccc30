// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.List;

/**
 * The map from a column's values x to the values y that a model has. It is strictly increasing
 * between the ends of the training data and a little beyond, so that a density of y gives one of x:
 * {@code log p(x) = log p(y) + log dy/dx}.
 *
 * <ul>
 *   <li>STANDARD: {@code y = (x - center) / scale}
 *   <li>LOG: {@code y = (log(x + offset) - center) / scale}
 *   <li>ROBUST: linear between knots, from quantiles of the column to those of the standard normal
 *       distribution; beyond the knots {@code dy/dx = 1 / scale}
 * </ul>
 *
 * @param rule the form of the map
 * @param offset for LOG, added before the logarithm: x + offset is positive; else 0
 * @param center of the values, or of their logarithms; else 0
 * @param scale above 0
 * @param knots for ROBUST, quantiles of the column, strictly increasing; else empty
 * @param scores for ROBUST, the y of each knot, strictly increasing; else empty
 */
public record Scaling(
    Rule rule,
    double offset,
    double center,
    double scale,
    List<Double> knots,
    List<Double> scores) {
  /**
   * The greatest distance from 0 of a y. A value that is farther counts as if it were there: it is
   * 10,000 scales away in any case, and its square must be a finite float.
   */
  public static final double FARTHEST = 1e4;

  /** The forms. */
  public enum Rule {
    /** Mean and standard deviation. */
    STANDARD,
    /** Quantiles, for columns with outliers. */
    ROBUST,
    /** Mean and standard deviation of the logarithms, for positive values with a heavy tail. */
    LOG
  }

  /** Checks the numbers. {@inheritDoc} */
  public Scaling {
    knots = List.copyOf(knots);
    scores = List.copyOf(scores);
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale: expected a finite number above 0, given " + scale);
    }
    if (!Double.isFinite(center)) {
      throw new IllegalArgumentException("center: expected a finite number, given " + center);
    }
    if (!(offset >= 0) || Double.isInfinite(offset) || (rule != Rule.LOG && offset != 0)) {
      throw new IllegalArgumentException(
          "offset: expected 0, or for log a finite number of 0 or more, given " + offset);
    }
    requireIncreasing("knots", knots);
    requireIncreasing("scores", scores);
    boolean none = rule != Rule.ROBUST;
    if (knots.size() != scores.size() || knots.isEmpty() != none) {
      throw new IllegalArgumentException(
          "knots: expected "
              + (none ? "none" : "one for each of the scores, at least one")
              + ", given "
              + knots.size());
    }
  }

  private static void requireIncreasing(String name, List<Double> numbers) {
    for (int i = 0; i < numbers.size(); i++) {
      double number = numbers.get(i);
      if (!Double.isFinite(number) || (i > 0 && !(number > numbers.get(i - 1)))) {
        throw new IllegalArgumentException(
            name + ": expected finite, increasing numbers, given " + number);
      }
    }
  }

  /**
   * A map without knots.
   *
   * @param rule STANDARD or LOG
   * @param offset for LOG
   * @param center of the values, or of their logarithms
   * @param scale above 0
   */
  public Scaling(Rule rule, double offset, double center, double scale) {
    this(rule, offset, center, scale, List.of(), List.of());
  }

  /** No change of values: y is x. */
  public static final Scaling NONE = new Scaling(Rule.STANDARD, 0, 0, 1);

  /**
   * The map, for many values.
   *
   * @return the map
   */
  public ScalingMap map() {
    return switch (rule) {
      case STANDARD -> new ScalingMap.Linear(center, scale);
      case LOG -> new ScalingMap.Logarithmic(offset, center, scale);
      case ROBUST ->
          new ScalingMap.Knots(
              scale,
              knots.stream().mapToDouble(Double::doubleValue).toArray(),
              scores.stream().mapToDouble(Double::doubleValue).toArray());
    };
  }
}
