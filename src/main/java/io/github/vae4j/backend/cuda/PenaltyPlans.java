// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Tensor;
import java.util.List;

/** {@link MmdPenalty}, {@link TotalCorrelation} and {@link TotalCorrelationBackward}. */
final class PenaltyPlans {
  private static final int THREADS = 256;

  /** The rows of a block: one per warp. */
  private static final int BLOCK_ROWS = THREADS / 32;

  /** The columns of a block. */
  private static final int BLOCK_COLUMNS = 64;

  private PenaltyPlans() {}

  static List<Step> mmd(Planner planner, MmdPenalty op) {
    int rows = op.z().rows();
    int latent = op.z().dim(-1);
    Launch.Shape shape = shape(rows, latent);
    double pairs = (double) rows * rows;
    double kernelScale = MmdPenalty.kernelScale(latent);
    return List.of(
        planner.launch(
            "mmd_penalty",
            "mmd_penalty",
            shape,
            planner
                .arguments()
                .tensor(op.z())
                .tensor(op.dz())
                .tensor(op.penalty())
                .block(op.control().buffer())
                .pointer(planner.scratch((long) shape.gridX() * Double.BYTES))
                .pointer(planner.scratch(Integer.BYTES))
                .integer(rows)
                .integer(latent)
                .integer64(op.seed())
                .integer(Stream.MMD.id())
                .number((float) kernelScale)
                .number((float) (-4 * op.scale() / (kernelScale * pairs)))
                .number(op.scale() / pairs)));
  }

  static List<Step> totalCorrelation(Planner planner, TotalCorrelation op) {
    int rows = op.z().rows();
    Launch.Shape shape = shape(rows, op.z().dim(2));
    long blocks = (long) shape.gridX() * shape.gridY();
    double scale = (double) op.scale() / rows;
    return List.of(
        planner.launch(
            "total_correlation",
            "total_correlation",
            shape,
            planner
                .arguments()
                .tensor(op.stats())
                .tensor(op.z())
                .tensor(op.dz())
                .tensor(op.joint())
                .tensor(op.marginal())
                .tensor(op.penalty())
                .pointer(planner.scratch(blocks * Double.BYTES))
                .pointer(planner.scratch(Integer.BYTES))
                .integer(op.z().dim(0))
                .integer(op.z().dim(1))
                .integer(op.z().dim(2))
                .number((float) op.logOwn())
                .number((float) op.logOther())
                .number((float) scale)
                .number(scale)));
  }

  static List<Step> totalCorrelationBackward(Planner planner, TotalCorrelationBackward op) {
    TotalCorrelation forward = op.forward();
    Tensor z = forward.z();
    double scale = (double) forward.scale() / z.rows();
    return List.of(
        planner.launch(
            "total_correlation_backward",
            "total_correlation_backward",
            shape(z.dim(0), z.dim(2)),
            planner
                .arguments()
                .tensor(forward.stats())
                .tensor(z)
                .tensor(forward.joint())
                .tensor(forward.marginal())
                .tensor(op.dStats())
                .integer(z.dim(0))
                .integer(z.dim(1))
                .integer(z.dim(2))
                .number((float) forward.logOwn())
                .number((float) forward.logOther())
                .number((float) scale)));
  }

  private static Launch.Shape shape(long rows, int latent) {
    return new Launch.Shape(
        Math.toIntExact(Grids.ceilDiv(rows, BLOCK_ROWS)),
        Math.toIntExact(Grids.ceilDiv(latent, BLOCK_COLUMNS)),
        THREADS,
        1);
  }
}
