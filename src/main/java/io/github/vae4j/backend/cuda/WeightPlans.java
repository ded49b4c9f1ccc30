package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.SampleWeights;
import java.util.List;

/** {@link ImportanceWeights} and {@link SampleWeights}. */
final class WeightPlans {
  /** Rows a block owns: one a warp. */
  private static final int ROWS = 4;

  private WeightPlans() {}

  static List<Step> importanceWeights(Planner planner, ImportanceWeights op) {
    return List.of(
        planner.launch(
            "importance_weights",
            "importance_weights",
            Launch.Shape.line(Grids.ceilDiv(op.batch(), ROWS), ROWS * 32),
            planner
                .arguments()
                .buffer(op.nll())
                .buffer(op.logRatio())
                .buffer(op.state())
                .integer(op.batch())
                .integer(op.samples())));
  }

  static List<Step> sampleWeights(Planner planner, SampleWeights op) {
    return List.of(
        planner.launch(
            "sample_weights",
            "sample_weights",
            Launch.Shape.line(Grids.ceilDiv(op.batch(), ROWS), ROWS * 32),
            planner
                .arguments()
                .buffer(op.nll())
                .buffer(op.logRatio())
                .buffer(op.rowWeight())
                .buffer(op.weight())
                .buffer(op.bound())
                .control(op.control())
                .integer(op.batch())
                .integer(op.samples())
                .integer(op.groups())
                .number(1 - op.alpha())));
  }
}
