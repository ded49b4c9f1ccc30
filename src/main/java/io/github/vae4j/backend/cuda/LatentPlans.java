// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import java.util.List;

/** {@link Reparameterize} and {@link ReparameterizeBackward}. */
final class LatentPlans {
  /** Threads of a block: few, so that a small batch has a warp on many multiprocessors. */
  private static final int THREADS = 64;

  private static final int WARP = 32;

  /** The columns of klPerDimension that a block sums. */
  private static final int BLOCK_COLUMNS = 8;

  private LatentPlans() {}

  static List<Step> forward(Planner planner, Reparameterize op) {
    int samples = op.z().dim(1);
    int latent = op.z().dim(2);
    int lanes = lanes(latent);
    int rowBlocks = Math.toIntExact(Grids.ceilDiv(op.z().rows(), THREADS / lanes));
    long columnBlocks = op.klPerDimension() == null ? 0 : Grids.ceilDiv(latent, BLOCK_COLUMNS);
    return List.of(
        planner.dependentLaunch(
            "reparameterize",
            "reparameterize",
            Launch.Shape.line(rowBlocks + columnBlocks, THREADS),
            planner
                .arguments()
                .tensor(op.stats())
                .tensor(op.z())
                .tensor(op.kl())
                .tensor(op.klPerDimension())
                .tensor(op.logRatio())
                .block(op.control().buffer())
                .integer(op.z().dim(0))
                .integer(samples)
                .integer(latent)
                .integer64(op.seed())
                .integer(op.stream().id())
                .integer(op.rowOffset() * samples)
                .integer(lanes)
                .integer(rowBlocks)));
  }

  static List<Step> backward(Planner planner, ReparameterizeBackward op) {
    Reparameterize forward = op.forward();
    int batch = op.dz().dim(0);
    int samples = op.dz().dim(1);
    int latent = op.dz().dim(2);
    int lanes = lanes(latent);
    return List.of(
        planner.dependentLaunch(
            "reparameterize_backward",
            "reparameterize_backward",
            Launch.Shape.line(Grids.ceilDiv(batch, THREADS / lanes), THREADS),
            planner
                .arguments()
                .tensor(forward.stats())
                .tensor(op.dz())
                .tensor(forward.klPerDimension())
                .tensor(op.weight())
                .tensor(op.dStats())
                .block(forward.control().buffer())
                .integer(batch)
                .integer(samples)
                .integer(op.groups())
                .integer(latent)
                .integer64(forward.seed())
                .integer(forward.stream().id())
                .integer(forward.rowOffset() * samples)
                .number(op.klScale())
                .number(op.freeBits())
                .flag(op.capacity())
                .integer(code(op.estimator()))
                .integer(lanes)));
  }

  /** Threads of a row: a pair for four columns, so that one load spans means and log variances. */
  private static int lanes(int latent) {
    return Grids.lanes(Math.toIntExact(8 * Grids.ceilDiv(latent, 4)), WARP);
  }

  /** The numbers of the estimators in reparameterize_backward.cu. */
  private static int code(Estimator estimator) {
    return switch (estimator) {
      case ANALYTIC -> 0;
      case SAMPLED -> 1;
      case DOUBLY_REPARAMETERIZED -> 2;
    };
  }
}
