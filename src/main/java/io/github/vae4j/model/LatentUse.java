// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.VaeException;

/**
 * The parts of training and evaluation that not every latent family has: the one place that says
 * which family has which. Each computes with a density in closed form, so that a family is refused
 * unless it says that it is that density.
 */
public enum LatentUse {
  /** Free bits: the KL of each dimension. */
  FREE_BITS(Needs.DIAGONAL, true),
  /** A capacity: the KL of a batch. */
  CAPACITY(Needs.DIAGONAL, true),
  /** The doubly reparameterised gradient: the score of the posterior. */
  DOUBLY_REPARAMETERIZED(Needs.DIAGONAL, true),
  /** The total correlation: the densities of a batch's posteriors. */
  TOTAL_CORRELATION(Needs.DIAGONAL, false),
  /** The maximum mean discrepancy: draws of the standard normal. */
  MAXIMUM_MEAN_DISCREPANCY(Needs.NOTHING, true),
  /** Annealed importance sampling: the density and the draws of the standard normal. */
  ANNEALING(Needs.NOTHING, true),
  /** Mutual information and the aggregated posterior. */
  INFORMATION(Needs.DIAGONAL, true),
  /** Posteriors that are found by optimisation, of each mean and log variance by itself. */
  OPTIMIZATION(Needs.FREE, true),
  /** Draws of the aggregated posterior, from means and variances. */
  AGGREGATION(Needs.DIAGONAL, false);

  /** What a use needs of the posterior. */
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
   * Whether the families are ones that the use has.
   *
   * @param latents of a model
   * @return false where the posterior is not the diagonal Gaussian, or the prior not the standard
   *     normal, that it has to be
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
   * Refuses families that the use has not.
   *
   * @param caller starts the message
   * @param latents of a model
   * @throws VaeException naming the family that is expected and the one that is given
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
