// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

/**
 * How a Gaussian mixture is fitted.
 *
 * @param components K; fewer where some end up without codes
 * @param covariance its form
 * @param iterations the most steps of EM
 * @param tolerance the rise of the mean log-likelihood, in nats, below which EM stops
 * @param seed of the start
 */
public record MixtureConfig(
    int components, Covariance covariance, int iterations, double tolerance, long seed) {
  /** What covariances may be. */
  public enum Covariance {
    /** Any. */
    FULL,
    /** Diagonal. */
    DIAGONAL
  }

  /** Checks ranges. {@inheritDoc} */
  public MixtureConfig {
    if (components < 1) {
      throw new IllegalArgumentException("components: expected 1 or more, given " + components);
    }
    if (iterations < 1) {
      throw new IllegalArgumentException("iterations: expected 1 or more, given " + iterations);
    }
    if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
      throw new IllegalArgumentException(
          "tolerance: expected a number of 0 or more, given " + tolerance);
    }
  }

  /**
   * So many components with full covariances, at most 200 steps, until a step gains less than 1e-4
   * nats.
   *
   * @param components K
   * @param seed of the start
   * @return the configuration
   */
  public static MixtureConfig of(int components, long seed) {
    return new MixtureConfig(components, Covariance.FULL, 200, 1e-4, seed);
  }
}
