package io.github.vae4j.backend.cuda;

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
    int rows = Math.multiplyExact(op.batch(), op.samples());
    int lanes = lanes(op.latent());
    return List.of(
        planner.launch(
            "planar_flow",
            "planar_flow",
            Launch.Shape.line(Grids.ceilDiv(rows, THREADS / lanes), THREADS),
            planner
                .arguments()
                .buffer(op.parameters())
                .buffer(op.z0())
                .buffer(op.z())
                .buffer(op.tanh())
                .buffer(op.logRatio())
                .integer(rows)
                .integer(op.samples())
                .integer(op.latent())
                .integer(op.layers())
                .integer(op.width())
                .integer(lanes)));
  }

  static List<Step> backward(Planner planner, PlanarFlowBackward op) {
    int lanes = lanes(op.latent());
    return List.of(
        planner.launch(
            "planar_flow_backward",
            "planar_flow_backward",
            Launch.Shape.line(Grids.ceilDiv(op.batch(), THREADS / lanes), THREADS),
            planner
                .arguments()
                .buffer(op.parameters())
                .buffer(op.z())
                .buffer(op.tanh())
                .buffer(op.weight())
                .buffer(op.dz())
                .buffer(op.dParameters())
                .pointer(planner.scratch((long) op.batch() * op.latent() * Float.BYTES))
                .control(op.control())
                .integer(op.batch())
                .integer(op.samples())
                .integer(op.latent())
                .integer(op.layers())
                .integer(op.width())
                .number(op.scale())
                .integer(lanes)));
  }

  static List<Step> triangular(Planner planner, TriangularMap op) {
    int rows = Math.multiplyExact(op.batch(), op.samples());
    int lanes = lanes(op.latent());
    return List.of(
        planner.launch(
            "triangular_map",
            "triangular_map",
            Launch.Shape.line(Grids.ceilDiv(rows, THREADS / lanes), THREADS),
            planner
                .arguments()
                .buffer(op.parameters())
                .buffer(op.z0())
                .buffer(op.z())
                .buffer(op.logRatio())
                .integer(rows)
                .integer(op.samples())
                .integer(op.latent())
                .integer(op.width())
                .integer(lanes)));
  }

  static List<Step> triangularBackward(Planner planner, TriangularMapBackward op) {
    int lanes = lanes(op.latent());
    return List.of(
        planner.launch(
            "triangular_map_backward",
            "triangular_map_backward",
            Launch.Shape.line(Grids.ceilDiv(op.batch(), THREADS / lanes), THREADS),
            planner
                .arguments()
                .buffer(op.parameters())
                .buffer(op.z0())
                .buffer(op.z())
                .buffer(op.weight())
                .buffer(op.dz())
                .buffer(op.dParameters())
                .control(op.control())
                .integer(op.batch())
                .integer(op.samples())
                .integer(op.latent())
                .integer(op.width())
                .number(op.scale())
                .integer(lanes)));
  }

  /** Threads of a row, one column each at a time. */
  private static int lanes(int latent) {
    return Grids.lanes(4 * Math.min(latent, WARP), WARP);
  }
}
