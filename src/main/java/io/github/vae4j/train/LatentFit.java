// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.Estimator;
import io.github.vae4j.model.LatentUse;
import io.github.vae4j.model.Latents;

/** Checks that an objective supports a model's latent families, before any computation. */
public final class LatentFit {
  private LatentFit() {}

  /**
   * Refuses penalties that do not support the families, and settings that need a closed form of the
   * KL where there is none.
   *
   * @param latents the families
   * @param objective the objective
   * @throws IllegalArgumentException if not; it names the setting
   */
  public static void check(Latents latents, Objective objective) {
    checkPenalties(latents, objective);
    require(LatentUse.FREE_BITS, "freeBits", objective.freeBits(), latents);
    double capacity = objective.capacity().nats();
    require(LatentUse.CAPACITY, "capacity", capacity, latents);
    Estimator gradient = objective.bound().gradient();
    if (gradient == Estimator.DOUBLY_REPARAMETERIZED
        && !LatentUse.DOUBLY_REPARAMETERIZED.takes(latents)) {
      throw wrong("gradient", "analytic (then estimated) or sampled", "dreg", latents);
    }
  }

  private static void checkPenalties(Latents latents, Objective objective) {
    if (objective.totalCorrelation() > 0 && !LatentUse.TOTAL_CORRELATION.takes(latents)) {
      throw new IllegalArgumentException(
          "totalCorrelation: expected 0, as it needs the density of a diagonal posterior and the"
              + " model's is "
              + latents.posterior()
              + ", given "
              + objective.totalCorrelation());
    }
    if (objective.mmd() > 0 && !LatentUse.MAXIMUM_MEAN_DISCREPANCY.takes(latents)) {
      throw new IllegalArgumentException(
          "mmd: expected 0, as it compares with the standard normal, which is not this model's"
              + " prior, given "
              + objective.mmd());
    }
  }

  private static void require(LatentUse use, String name, double given, Latents latents) {
    if (given != 0 && !use.takes(latents)) {
      throw wrong(name, "0", given, latents);
    }
  }

  private static IllegalArgumentException wrong(
      String name, String expected, Object given, Latents latents) {
    return new IllegalArgumentException(
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
