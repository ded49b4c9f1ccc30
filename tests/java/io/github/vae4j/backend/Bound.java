package io.github.vae4j.backend;

/** How far an output may be from the reference's. */
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

  /** A sum of n products of size {@code term}, whose factors may be rounded first. */
  static Bound products(int n, double term) {
    return (index, want, tolerance) ->
        sum(n, term).allowed(index, want, tolerance)
            + 8 * tolerance.product() * Math.sqrt(n) * term;
  }
}
