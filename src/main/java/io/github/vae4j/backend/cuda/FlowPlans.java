// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import java.util.List;

/** {@link PlanarFlow}, {@link TriangularMap} and their gradients. */
final class FlowPlans {
  private static final int THREADS = 128;
  private static final int WARP = 32;

  private FlowPlans() {}

  static List<Step> forward(Planner planner, PlanarFlow op) {
    int rows = op.z().rows();
    int lanes = lanes(op.z().dim(2));
    return List.of(
        planner.launch(
            "planar_flow",
            "planar_flow",
            Launch.Shape.line(Grids.ceilDiv(rows, THREADS / lanes), THREADS),
            planner
                .arguments()
                .tensor(op.parameters())
                .tensor(op.z0())
                .tensor(op.z())
                .tensor(op.tanh())
                .tensor(op.logRatio())
                .integer(rows)
                .integer(op.z().dim(1))
                .integer(op.z().dim(2))
                .integer(op.tanh().dim(2))
                .integer(op.parameters().dim(1))
                .integer(lanes)));
  }

  static List<Step> backward(Planner planner, PlanarFlowBackward op) {
    PlanarFlow forward = op.forward();
    int batch = op.dz().dim(0);
    int latent = op.dz().dim(2);
    int lanes = lanes(latent);
    return List.of(
        planner.launch(
            "planar_flow_backward",
            "planar_flow_backward",
            Launch.Shape.line(Grids.ceilDiv(batch, THREADS / lanes), THREADS),
            planner
                .arguments()
                .tensor(forward.parameters())
                .tensor(forward.z())
                .tensor(forward.tanh())
                .tensor(op.weight())
                .tensor(op.dz())
                .tensor(op.dParameters())
                .pointer(planner.scratch((long) batch * latent * Float.BYTES))
                .block(op.control().buffer())
                .integer(batch)
                .integer(op.dz().dim(1))
                .integer(latent)
                .integer(forward.tanh().dim(2))
                .integer(op.dParameters().dim(1))
                .number(op.scale())
                .integer(lanes)));
  }

  static List<Step> triangular(Planner planner, TriangularMap op) {
    int rows = op.z().rows();
    int lanes = lanes(op.z().dim(2));
    return List.of(
        planner.launch(
            "triangular_map",
            "triangular_map",
            Launch.Shape.line(Grids.ceilDiv(rows, THREADS / lanes), THREADS),
            planner
                .arguments()
                .tensor(op.parameters())
                .tensor(op.z0())
                .tensor(op.z())
                .tensor(op.logRatio())
                .integer(rows)
                .integer(op.z().dim(1))
                .integer(op.z().dim(2))
                .integer(op.parameters().dim(1))
                .integer(lanes)));
  }

  static List<Step> triangularBackward(Planner planner, TriangularMapBackward op) {
    TriangularMap forward = op.forward();
    int batch = op.dz().dim(0);
    int latent = op.dz().dim(2);
    int lanes = lanes(latent);
    return List.of(
        planner.launch(
            "triangular_map_backward",
            "triangular_map_backward",
            Launch.Shape.line(Grids.ceilDiv(batch, THREADS / lanes), THREADS),
            planner
                .arguments()
                .tensor(forward.parameters())
                .tensor(forward.z0())
                .tensor(forward.z())
                .tensor(op.weight())
                .tensor(op.dz())
                .tensor(op.dParameters())
                .block(op.control().buffer())
                .integer(batch)
                .integer(op.dz().dim(1))
                .integer(latent)
                .integer(op.dParameters().dim(1))
                .number(op.scale())
                .integer(lanes)));
  }

  /** Threads of a row, one column each at a time. */
  private static int lanes(int latent) {
    return Grids.lanes(4 * Math.min(latent, WARP), WARP);
  }
}
