// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.op.Estimator;
import io.github.vae4j.model.Latents;

/** Whether an objective can be had of a model's latent families. */
final class LatentFit {
  private LatentFit() {}

  /**
   * Refuses penalties without their families, and what needs the closed form of an estimated KL.
   */
  static void check(Latents latents, Objective objective) {
    checkPenalties(latents, objective);
    if (latents.closedForm()) {
      return;
    }
    require("freeBits", objective.freeBits() == 0, "0", objective.freeBits(), latents);
    double capacity = objective.capacity().nats();
    require("capacity", capacity == 0, "0", capacity, latents);
    Estimator gradient = objective.bound().gradient();
    require(
        "gradient",
        gradient != Estimator.DOUBLY_REPARAMETERIZED,
        "analytic (then estimated) or sampled",
        "doubly_reparameterized",
        latents);
  }

  private static void checkPenalties(Latents latents, Objective objective) {
    if (objective.totalCorrelation() > 0 && !latents.diagonalPosterior()) {
      throw new VaeException(
          "totalCorrelation: expected 0, as it needs the density of a diagonal posterior and the"
              + " model's is "
              + latents.posterior());
    }
    if (objective.mmd() > 0 && !latents.standardPrior()) {
      throw new VaeException(
          "mmd: expected 0, as it compares with the standard normal, which is not this model's"
              + " prior");
    }
  }

  private static void require(
      String name, boolean holds, String expected, Object given, Latents latents) {
    if (!holds) {
      throw new IllegalArgumentException(
          name
              + ": expected "
              + expected
              + ", as the KL is estimated by samples with posterior "
              + latents.posterior()
              + ", prior "
              + latents.prior()
              + (latents.top() == null ? "" : " and a second stochastic layer")
              + ", given "
              + given);
    }
  }
}
