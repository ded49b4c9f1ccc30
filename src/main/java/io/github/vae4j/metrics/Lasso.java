// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/**
 * Least squares with an L1 penalty: the w that minimises {@code 1/(2 n) |y - X w|^2 + lambda
 * |w|_1}, by coordinate descent on X'X / n and X'y / n (Friedman, Hastie and Tibshirani 2010,
 * "Regularization paths for generalized linear models via coordinate descent", section 2.2).
 */
final class Lasso {
  private static final int MOST_SWEEPS = 10_000;
  private static final double CONVERGED = 1e-9;

  private Lasso() {}

  /**
   * Fits the weights.
   *
   * @param gram X'X / n
   * @param products X'y / n
   * @param lambda the penalty
   * @return w; 0 for a column of zeros
   */
  static double[] fit(double[][] gram, double[] products, double lambda) {
    double[] w = new double[products.length];
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      double most = 0;
      for (int j = 0; j < w.length; j++) {
        if (gram[j][j] > 0) {
          double old = w[j];
          double rest = products[j];
          for (int i = 0; i < w.length; i++) {
            rest -= i == j ? 0 : gram[j][i] * w[i];
          }
          w[j] = Math.signum(rest) * Math.max(Math.abs(rest) - lambda, 0) / gram[j][j];
          most = Math.max(most, Math.abs(w[j] - old));
        }
      }
      if (most < CONVERGED) {
        break;
      }
    }
    return w;
  }
}
