// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.SampleWeights;
import java.util.List;

/** {@link ImportanceWeights} and {@link SampleWeights}. */
final class WeightPlans {
  /** The rows of a block: one per warp. */
  private static final int ROWS = 4;

  private WeightPlans() {}

  static List<Step> importanceWeights(Planner planner, ImportanceWeights op) {
    return List.of(
        planner.launch(
            "importance_weights",
            "importance_weights",
            Launch.Shape.line(Grids.ceilDiv(op.nll().dim(0), ROWS), ROWS * 32),
            planner
                .arguments()
                .tensor(op.nll())
                .tensor(op.logRatio())
                .tensor(op.state())
                .integer(op.nll().dim(0))
                .integer(op.nll().dim(1))));
  }

  static List<Step> sampleWeights(Planner planner, SampleWeights op) {
    return List.of(
        planner.launch(
            "sample_weights",
            "sample_weights",
            Launch.Shape.line(Grids.ceilDiv(op.nll().dim(0), ROWS), ROWS * 32),
            planner
                .arguments()
                .tensor(op.nll())
                .tensor(op.logRatio())
                .tensor(op.rowWeight())
                .tensor(op.weight())
                .tensor(op.bound())
                .block(op.control().buffer())
                .integer(op.nll().dim(0))
                .integer(op.nll().dim(1))
                .integer(op.groups())
                .number(1 - op.alpha())));
  }
}
