// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.Attention;
import io.github.vae4j.backend.op.AttentionBackward;
import java.util.List;

/** {@link Attention} and its gradient. */
final class AttentionPlans {
  private static final int THREADS = 256;

  /** The pixels of a block, and of one pass over the others, in attention.cuh. */
  private static final int PIXELS = 32;

  private static final int LANES = 32;

  /** The least and the most columns of a thread that have a kernel, powers of two. */
  private static final int LEAST_COLUMNS = 2;

  private static final int MOST_COLUMNS = 16;

  private AttentionPlans() {}

  /** The division of an op's work into blocks. */
  private record Grid(Attention op, int columns) {
    static Grid of(Attention op) {
      int columns = LEAST_COLUMNS;
      while (columns < MOST_COLUMNS && LANES * columns < op.width()) {
        columns *= 2;
      }
      return new Grid(op, columns);
    }

    Launch.Shape shape() {
      long blocks = (long) op.y().dim(0) * op.lse().dim(2) * pixelBlocks();
      int strips = Math.toIntExact(Grids.ceilDiv(op.width(), (long) LANES * columns));
      return new Launch.Shape(Math.toIntExact(blocks), strips, THREADS, 1);
    }

    private int pixelBlocks() {
      return Math.toIntExact(Grids.ceilDiv(op.y().dim(1), PIXELS));
    }

    /** The struct Heads of attention.cuh. */
    int[] heads() {
      return new int[] {op.y().dim(1), op.y().dim(2), op.lse().dim(2), op.width(), pixelBlocks()};
    }
  }

  static List<Step> forward(Planner planner, Attention op) {
    Grid grid = Grid.of(op);
    return List.of(
        planner.launch(
            "attention",
            "attention_" + grid.columns,
            grid.shape(),
            planner
                .arguments()
                .tensor(op.qkv())
                .tensor(op.lse())
                .tensor(op.y())
                .integers(grid.heads())
                .number((float) op.scale())));
  }

  static List<Step> backward(Planner planner, AttentionBackward op) {
    Attention forward = op.forward();
    Grid grid = Grid.of(forward);
    long delta = planner.scratch(forward.lse().length() * Float.BYTES);
    return List.of(
        gradient(planner, op, grid, delta, "attention_dq_"),
        gradient(planner, op, grid, delta, "attention_dkv_"));
  }

  private static Step gradient(
      Planner planner, AttentionBackward op, Grid grid, long delta, String kernel) {
    Attention forward = op.forward();
    return planner.launch(
        "attention_backward",
        kernel + grid.columns,
        grid.shape(),
        planner
            .arguments()
            .words(
                planner.address(forward.qkv()),
                planner.address(forward.lse()),
                planner.address(forward.y()),
                planner.address(op.dy()),
                delta,
                planner.address(op.dqkv()))
            .integers(grid.heads())
            .number((float) forward.scale()));
  }
}
