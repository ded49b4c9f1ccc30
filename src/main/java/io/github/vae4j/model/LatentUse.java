// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.VaeException;

/**
 * The uses of a model that need properties of its latent families. Only this class decides whether
 * families support a use. Each use computes with a density in closed form, so that a family is
 * refused unless it is known to have it: a posterior declares it; the standard prior, and free
 * means and variances, are recognised by identity.
 */
public enum LatentUse {
  /** Free bits: needs the KL of each dimension. */
  FREE_BITS(Needs.DIAGONAL, true),
  /** A capacity: needs the KL of a batch. */
  CAPACITY(Needs.DIAGONAL, true),
  /** The doubly reparameterised gradient: needs the score of the posterior. */
  DOUBLY_REPARAMETERIZED(Needs.DIAGONAL, true),
  /** The total correlation: needs the densities of a batch's posteriors. */
  TOTAL_CORRELATION(Needs.DIAGONAL, false),
  /** The maximum mean discrepancy: needs a standard normal prior to draw from. */
  MAXIMUM_MEAN_DISCREPANCY(Needs.NOTHING, true),
  /**
   * Annealed importance sampling: needs the density of a standard normal prior, and draws from it.
   */
  ANNEALING(Needs.NOTHING, true),
  /** Mutual information and the aggregated posterior. */
  INFORMATION(Needs.DIAGONAL, true),
  /** Posteriors by optimisation: needs means and log variances that vary independently. */
  OPTIMIZATION(Needs.FREE, true),
  /** Draws of the aggregated posterior, from means and variances. */
  AGGREGATION(Needs.DIAGONAL, false),
  /**
   * Posteriors of several rows as the proposals of another row's: needs their densities, and the
   * prior as one of them.
   */
  PROPOSALS(Needs.DIAGONAL, true);

  /** The property of the posterior that a use needs. */
  private enum Needs {
    NOTHING,
    DIAGONAL,
    FREE
  }

  private final Needs posterior;
  private final boolean standardPrior;

  LatentUse(Needs posterior, boolean standardPrior) {
    this.posterior = posterior;
    this.standardPrior = standardPrior;
  }

  /**
   * Whether the families support the use.
   *
   * @param latents of a model
   * @return false if the use needs a diagonal Gaussian posterior or a standard normal prior and the
   *     families differ
   */
  public boolean takes(Latents latents) {
    return takesPosterior(latents) && takesPrior(latents);
  }

  private boolean takesPosterior(Latents latents) {
    return switch (posterior) {
      case NOTHING -> true;
      case DIAGONAL -> latents.diagonalPosterior();
      case FREE -> latents.freePosterior();
    };
  }

  private boolean takesPrior(Latents latents) {
    return !standardPrior || latents.standardPrior();
  }

  /**
   * Refuses families that do not support the use.
   *
   * @param caller starts the message
   * @param latents of a model
   * @throws VaeException if they do not; it names the expected family and the given one
   */
  public void require(String caller, Latents latents) {
    if (!takesPosterior(latents)) {
      throw new VaeException(
          caller
              + ": expected a model with a diagonal Gaussian posterior"
              + (latents.diagonalPosterior() ? " of free means and variances" : "")
              + ", given one with posterior "
              + latents.posterior());
    }
    if (!takesPrior(latents)) {
      throw new VaeException(
          caller
              + ": expected a model with a standard normal prior, given one with "
              + (latents.top() == null ? "prior " + latents.prior() : "a second stochastic layer"));
    }
  }
}
