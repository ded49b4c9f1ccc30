// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.tensor.Matrix;

/**
 * A distribution of latent codes that stands in for the prior when a model is sampled: where the
 * aggregate posterior q(z) = mean over rows of q(z|x) is not the prior, codes of the prior fall
 * where the decoder was never trained.
 */
public sealed interface LatentSampler permits GaussianMixture, TwoStage {
  /**
   * The width of the codes.
   *
   * @return Z
   */
  int latent();

  /**
   * Codes drawn from it.
   *
   * @param backend where it computes, if it has to
   * @param n how many, at least 1
   * @param seed of the draws; row r's are the same whatever n is
   * @param temperature a factor of the standard deviation of the noise; 1 for the fit itself
   * @return (n, latent)
   */
  Matrix draw(Backend backend, int n, long seed, double temperature);
}
