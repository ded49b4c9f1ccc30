// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ops of an objective's penalties on q(z). Their tensors belong to the arena in which they are
 * planned.
 */
final class Penalties {
  private final @Nullable Tensor values;
  private final @Nullable MmdPenalty mmd;
  private final @Nullable TotalCorrelation correlation;

  /**
   * Samples of a diagonal Gaussian posterior.
   *
   * @param stats FLOAT32 (batch, 2 latent)
   * @param z FLOAT32 (batch, samples, latent)
   * @param dz FLOAT32 like z, added to
   */
  record Codes(Tensor stats, Tensor z, Tensor dz) {}

  /**
   * Plans the ops.
   *
   * @param backend allocates
   * @param arena owns the allocated tensors
   * @param objective has the penalties and their weights
   * @param codes the samples that the penalties are functions of
   * @param control has the step's number
   * @param seed of the draws of the prior
   * @param dataRows number of rows of the data set
   */
  Penalties(
      Backend backend,
      Arena arena,
      Objective objective,
      Codes codes,
      Control control,
      long seed,
      int dataRows) {
    float mmdWeight = (float) objective.mmd();
    float correlationWeight = (float) objective.totalCorrelation();
    int count = (mmdWeight > 0 ? 1 : 0) + (correlationWeight > 0 ? 1 : 0);
    values = count == 0 ? null : backend.tensor(arena, count);
    Tensor z = codes.z();
    mmd =
        values == null || !(mmdWeight > 0)
            ? null
            : new MmdPenalty(z, codes.dz(), values.part(0, 1), control, seed, mmdWeight);
    int batch = z.dim(0);
    int samples = z.dim(1);
    correlation =
        values == null || !(correlationWeight > 0)
            ? null
            : new TotalCorrelation(
                codes.stats(),
                z,
                codes.dz(),
                backend.tensor(arena, batch, samples),
                backend.tensor(arena, batch, samples, z.dim(2)),
                values.part(count - 1, 1),
                TotalCorrelation.logOwnWeight(batch, dataRows),
                TotalCorrelation.logOtherWeight(batch, dataRows),
                correlationWeight);
  }

  /** The penalties, each multiplied by its weight; null without penalties. */
  @Nullable Tensor values() {
    return values;
  }

  /** The ops that compute the penalties and add to the gradient of z. */
  List<Op> forward() {
    List<Op> forward = new ArrayList<>();
    if (mmd != null) {
      forward.add(mmd);
    }
    if (correlation != null) {
      forward.add(correlation);
    }
    return forward;
  }

  /**
   * The ops that add to the posterior's gradient the part of the penalties' gradient that does not
   * go through z.
   *
   * @param dStats FLOAT32 (batch, 2 latent)
   */
  List<Op> backward(Tensor dStats) {
    return correlation == null
        ? List.of()
        : List.of(new TotalCorrelationBackward(correlation, dStats));
  }
}
