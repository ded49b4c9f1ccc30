// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/** How the gradient of the latent term, beta (log p(z) - log q(z|x)), is estimated. */
public enum Estimator {
  /** The KL divergence in closed form: the bound as reconstruction - KL. */
  ANALYTIC,
  /** Along the samples: the bound as joint + entropy. The only one that weights samples apart. */
  SAMPLED,
  /**
   * Along the samples without the score of q, each weighted once more: the doubly reparameterised
   * gradient (Tucker et al. 2019); with weights of 1 that of Roeder et al. 2017.
   */
  DOUBLY_REPARAMETERIZED
}
