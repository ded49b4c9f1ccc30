// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

/**
 * The settings of the fit of a Gaussian mixture.
 *
 * @param components K; the fit has fewer if some have no codes
 * @param covariance the form of the covariances
 * @param iterations the greatest number of steps of EM
 * @param tolerance the increase of the mean log-likelihood in a step, in nats, below which EM stops
 * @param seed of the start
 */
public record MixtureConfig(
    int components, Covariance covariance, int iterations, double tolerance, long seed) {
  /** The forms of covariances. */
  public enum Covariance {
    /** Full. */
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
   * A number of components with full covariances, at most 200 steps, until a step increases the
   * mean log-likelihood by less than 1e-4 nats.
   *
   * @param components K
   * @param seed of the start
   * @return the configuration
   */
  public static MixtureConfig of(int components, long seed) {
    return new MixtureConfig(components, Covariance.FULL, 200, 1e-4, seed);
  }
}
