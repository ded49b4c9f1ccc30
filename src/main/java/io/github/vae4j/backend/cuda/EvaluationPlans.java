package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.op.ImportanceWeights;
import java.util.List;

/** {@link ImportanceWeights}. */
final class EvaluationPlans {
  /** Rows a block of importance_weights owns: one a warp. */
  private static final int WEIGHT_ROWS = 4;

  private EvaluationPlans() {}

  static List<Step> importanceWeights(Planner planner, ImportanceWeights op) {
    return List.of(
        planner.launch(
            "importance_weights",
            "importance_weights",
            Launch.Shape.line(Grids.ceilDiv(op.batch(), WEIGHT_ROWS), WEIGHT_ROWS * 32),
            planner
                .arguments()
                .buffer(op.nll())
                .buffer(op.logRatio())
                .buffer(op.state())
                .integer(op.batch())
                .integer(op.samples())));
  }
}
