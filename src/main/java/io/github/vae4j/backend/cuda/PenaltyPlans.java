package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import io.github.vae4j.random.Stream;
import java.util.List;

/** {@link MmdPenalty}, {@link TotalCorrelation} and {@link TotalCorrelationBackward}. */
final class PenaltyPlans {
  private static final int THREADS = 256;

  /** Rows a block owns: one a warp. */
  private static final int BLOCK_ROWS = THREADS / 32;

  /** Columns a block owns. */
  private static final int BLOCK_COLUMNS = 64;

  private PenaltyPlans() {}

  static List<Step> mmd(Planner planner, MmdPenalty op) {
    Launch.Shape shape = shape(op.rows(), op.latent());
    double pairs = (double) op.rows() * op.rows();
    double kernelScale = MmdPenalty.kernelScale(op.latent());
    return List.of(
        planner.launch(
            "mmd_penalty",
            "mmd_penalty",
            shape,
            planner
                .arguments()
                .buffer(op.z())
                .buffer(op.dz())
                .buffer(op.penalty())
                .control(op.control())
                .pointer(planner.scratch((long) shape.gridX() * Double.BYTES))
                .pointer(planner.scratch(Integer.BYTES))
                .integer(op.rows())
                .integer(op.latent())
                .integer64(op.seed())
                .integer(Stream.MMD.id())
                .number((float) kernelScale)
                .number((float) (-4 * op.scale() / (kernelScale * pairs)))
                .number(op.scale() / pairs)));
  }

  static List<Step> totalCorrelation(Planner planner, TotalCorrelation op) {
    long samples = (long) op.batch() * op.samples();
    Launch.Shape shape = shape(samples, op.latent());
    long blocks = (long) shape.gridX() * shape.gridY();
    double scale = (double) op.scale() / samples;
    return List.of(
        planner.launch(
            "total_correlation",
            "total_correlation",
            shape,
            planner
                .arguments()
                .buffer(op.stats())
                .buffer(op.z())
                .buffer(op.dz())
                .buffer(op.joint())
                .buffer(op.marginal())
                .buffer(op.penalty())
                .pointer(planner.scratch(blocks * Double.BYTES))
                .pointer(planner.scratch(Integer.BYTES))
                .integer(op.batch())
                .integer(op.samples())
                .integer(op.latent())
                .number((float) TotalCorrelation.logOwnWeight(op.batch(), op.dataRows()))
                .number((float) TotalCorrelation.logOtherWeight(op.batch(), op.dataRows()))
                .number((float) scale)
                .number(scale)));
  }

  static List<Step> totalCorrelationBackward(Planner planner, TotalCorrelationBackward op) {
    double scale = (double) op.scale() / ((long) op.batch() * op.samples());
    return List.of(
        planner.launch(
            "total_correlation_backward",
            "total_correlation_backward",
            shape(op.batch(), op.latent()),
            planner
                .arguments()
                .buffer(op.stats())
                .buffer(op.z())
                .buffer(op.joint())
                .buffer(op.marginal())
                .buffer(op.dStats())
                .integer(op.batch())
                .integer(op.samples())
                .integer(op.latent())
                .number((float) TotalCorrelation.logOwnWeight(op.batch(), op.dataRows()))
                .number((float) TotalCorrelation.logOtherWeight(op.batch(), op.dataRows()))
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
