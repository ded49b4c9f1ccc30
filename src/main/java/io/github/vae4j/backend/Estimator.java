// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import java.util.Locale;

/** The estimators of the gradient of the latent term, beta (log p(z) - log q(z|x)). */
public enum Estimator {
  /** The gradient of the KL divergence in closed form: the bound as reconstruction - KL. */
  ANALYTIC,
  /**
   * The reparameterised gradient on the samples: the bound as joint + entropy, with a weight for
   * each sample.
   */
  SAMPLED,
  /**
   * The reparameterised gradient without the score of q, with each sample multiplied once more by
   * its weight: the doubly reparameterised gradient (Tucker et al. 2019); with weights of 1 the
   * gradient of Roeder et al. 2017.
   */
  DOUBLY_REPARAMETERIZED;

  /**
   * The name on the command line.
   *
   * @return analytic, sampled or dreg
   */
  public String id() {
    return this == DOUBLY_REPARAMETERIZED ? "dreg" : name().toLowerCase(Locale.ROOT);
  }
}
