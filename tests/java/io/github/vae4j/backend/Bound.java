// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/** The greatest allowed distance of an output from the reference's. */
@FunctionalInterface
interface Bound {
  /** The unit roundoff of float32. */
  double ROUNDOFF = 0x1p-24;

  /**
   * The largest difference let through.
   *
   * @param index of the element
   * @param want the reference's value, finite
   * @param tolerance of the backend
   */
  double allowed(int index, double want, Tolerance tolerance);

  /**
   * Whether a value may stand where the reference's is not finite.
   *
   * @param want the reference's value, NaN or infinite
   * @param given the backend's
   * @param tolerance of the backend
   */
  default boolean takes(double want, double given, Tolerance tolerance) {
    return Double.compare(want, given) == 0;
  }

  /** No difference at all. */
  static Bound exact() {
    return (index, want, tolerance) -> 0;
  }

  /** A function of a few elements whose intermediate values are of size {@code scale}. */
  static Bound element(double scale) {
    return (index, want, tolerance) -> tolerance.function() * (Math.abs(want) + scale / 10);
  }

  /**
   * A float32 sum of n terms of size {@code term} and of either sign: partial sums grow as sqrt(n),
   * and sqrt(n) of their roundings add up.
   */
  static Bound sum(int n, double term) {
    return (index, want, tolerance) ->
        tolerance.function() * Math.abs(want) + 8 * ROUNDOFF * n * term;
  }

  /** A sum as {@link #sum}, of a bias gradient, whose terms may be rounded first. */
  static Bound biasGradient(int n, double term) {
    return (index, want, tolerance) ->
        sum(n, term).allowed(index, want, tolerance)
            + 8 * tolerance.summand() * Math.sqrt(n) * term;
  }

  /** A layer's ReLU of values with a bound. */
  static Bound relu(Bound values) {
    return new Bound() {
      @Override
      public double allowed(int index, double want, Tolerance tolerance) {
        return values.allowed(index, want, tolerance);
      }

      @Override
      public boolean takes(double want, double given, Tolerance tolerance) {
        return values.takes(want, given, tolerance)
            || (Double.isNaN(want) && given == 0 && !tolerance.reluKeepsNan());
      }
    };
  }

  /** A sum of n products of size {@code term}, whose factors may be rounded first. */
  static Bound products(int n, double term) {
    return (index, want, tolerance) ->
        sum(n, term).allowed(index, want, tolerance)
            + 8 * tolerance.product() * Math.sqrt(n) * term;
  }
}
