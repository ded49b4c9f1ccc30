// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.tensor.Matrix;

/**
 * A distribution of latent codes that replaces the prior when a model is sampled. If the aggregate
 * posterior q(z) = mean over rows of q(z|x) differs from the prior, some codes drawn from the prior
 * lie outside the region on which the decoder was trained.
 */
public sealed interface LatentSampler permits GaussianMixture, TwoStage {
  /**
   * The width of the codes.
   *
   * @return Z
   */
  int latent();

  /**
   * Draws codes.
   *
   * @param backend that computes, if the sampler needs one
   * @param n the number of codes, at least 1
   * @param seed of the draws; the draws of row r do not depend on n
   * @param temperature a factor of the standard deviation of the noise; 1 for the fitted
   *     distribution
   * @return (n, latent)
   */
  Matrix draw(Backend backend, int n, long seed, double temperature);
}
