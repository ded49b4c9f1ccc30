package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.RecordMetrics;
import java.util.List;

/** {@link GlobalNorm}, {@link RecordMetrics} and {@link AdamUpdate}. */
final class OptimizerPlans {
  private static final int THREADS = 256;

  /** As many as the last block can add, one a thread. */
  private static final int MAX_NORM_BLOCKS = 256;

  private OptimizerPlans() {}

  static List<Step> globalNorm(Planner planner, GlobalNorm op) {
    long n = op.gradients().length();
    long blocks = Math.min(MAX_NORM_BLOCKS, Grids.ceilDiv(n, 4 * THREADS));
    return List.of(
        planner.launch(
            "global_norm",
            "global_norm",
            Launch.Shape.line(blocks, THREADS),
            planner
                .arguments()
                .buffer(op.gradients())
                .buffer(op.norm())
                .pointer(planner.scratch(blocks * Double.BYTES))
                .pointer(planner.scratch(Integer.BYTES))
                .integer64(n)));
  }

  static List<Step> recordMetrics(Planner planner, RecordMetrics op) {
    return List.of(
        planner.launch(
            "record_metrics",
            "record_metrics",
            Launch.Shape.line(1, THREADS),
            planner
                .arguments()
                .buffer(op.nll())
                .buffer(op.kl())
                .buffer(op.bound())
                .buffer(op.norm())
                .buffer(op.ring())
                .buffer(op.status())
                .buffer(op.control().buffer())
                .integer64(op.nll().length())
                .integer64(op.kl().length())
                .integer(op.slots())));
  }

  static List<Step> adam(Planner planner, AdamUpdate op) {
    long n = op.parameters().length();
    return List.of(
        planner.launch(
            "adam",
            "adam",
            Launch.Shape.line(Grids.ceilDiv(n, 4 * THREADS), THREADS),
            planner
                .arguments()
                .buffer(op.parameters())
                .buffer(op.gradients())
                .buffer(op.m())
                .buffer(op.v())
                .buffer(op.average())
                .buffer(op.norm())
                .buffer(op.status())
                .buffer(op.state())
                .buffer(op.control().buffer())
                .pointer(planner.scratch(Integer.BYTES))
                .integer64(n)
                .doublesAndFlag(
                    op.decoupled(),
                    op.beta1(),
                    op.beta2(),
                    op.epsilon(),
                    op.weightDecay(),
                    op.clipNorm(),
                    op.emaDecay())));
  }
}
