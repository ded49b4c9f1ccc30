// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.BatchNorm;
import io.github.vae4j.backend.op.BatchNormBackward;
import io.github.vae4j.backend.op.Dropout;
import io.github.vae4j.backend.op.LayerNorm;
import io.github.vae4j.backend.op.LayerNormBackward;
import io.github.vae4j.backend.op.RunningAverage;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link BatchNorm}, {@link LayerNorm}, their gradients, {@link RunningAverage} and {@link
 * Dropout}.
 */
final class NormPlans {
  private static final int THREADS = 256;
  private static final int ROW_THREADS = 128;
  private static final int WARP = 32;

  /**
   * The shape of a block in columns.cuh: threads of four columns each, and the number of rows at a
   * time.
   */
  private static final int STRIP_X = 8;

  private static final int STRIP_Y = 32;

  /**
   * The most rows of a batch normalisation in which one block owns all rows of its columns: no more
   * are the batches of dense layers, and images have one for each pixel.
   */
  private static final int MAX_BLOCK_ROWS = 1024;

  private NormPlans() {}

  static List<Step> batch(Planner planner, BatchNorm op) {
    if (op.x().rows() > MAX_BLOCK_ROWS) {
      return GroupNormPlans.batch(planner, op);
    }
    return List.of(
        planner.launch(
            "batch_norm",
            "batch_norm",
            strips(op.x()),
            planner
                .arguments()
                .tensor(op.x())
                .tensor(op.scale())
                .tensor(op.shift())
                .tensor(op.mean())
                .tensor(op.variance())
                .tensor(op.y())
                .integer(op.x().rows())
                .integer(op.x().dim(-1))
                .number(op.epsilon())
                .flag(op.training())));
  }

  static List<Step> batchBackward(Planner planner, BatchNormBackward op) {
    BatchNorm forward = op.forward();
    if (op.dy().rows() > MAX_BLOCK_ROWS) {
      return GroupNormPlans.batchBackward(planner, op);
    }
    return List.of(
        planner.launch(
            "batch_norm_backward",
            "batch_norm_backward",
            strips(op.dy()),
            planner
                .arguments()
                .tensor(forward.x())
                .tensor(forward.scale())
                .tensor(forward.mean())
                .tensor(forward.variance())
                .tensor(op.dy())
                .tensor(op.dx())
                .tensor(op.dScale())
                .tensor(op.dShift())
                .integer(op.dy().rows())
                .integer(op.dy().dim(-1))
                .number(forward.epsilon())
                .flag(forward.training())));
  }

  static List<Step> layer(Planner planner, LayerNorm op) {
    return List.of(
        planner.launch(
            "layer_norm",
            "layer_norm",
            rows(op.x()),
            planner
                .arguments()
                .tensor(op.x())
                .tensor(op.scale())
                .tensor(op.shift())
                .tensor(op.mean())
                .tensor(op.variance())
                .tensor(op.y())
                .integer(op.x().rows())
                .integer(op.x().dim(-1))
                .number(op.epsilon())
                .integer(lanes(op.x()))));
  }

  static List<Step> layerBackward(Planner planner, LayerNormBackward op) {
    LayerNorm forward = op.forward();
    List<Step> steps = new ArrayList<>();
    if (op.dx() != null) {
      steps.add(
          planner.launch(
              "layer_norm_backward",
              "layer_norm_dx",
              rows(op.dy()),
              planner
                  .arguments()
                  .tensor(forward.x())
                  .tensor(forward.scale())
                  .tensor(forward.mean())
                  .tensor(forward.variance())
                  .tensor(op.dy())
                  .tensor(op.dx())
                  .integer(op.dy().rows())
                  .integer(op.dy().dim(-1))
                  .number(forward.epsilon())
                  .integer(lanes(op.dy()))));
    }
    steps.add(
        planner.launch(
            "layer_norm_backward",
            "layer_norm_dscale",
            strips(op.dy()),
            planner
                .arguments()
                .tensor(forward.x())
                .tensor(forward.mean())
                .tensor(forward.variance())
                .tensor(op.dy())
                .tensor(op.dScale())
                .tensor(op.dShift())
                .integer(op.dy().rows())
                .integer(op.dy().dim(-1))
                .number(forward.epsilon())));
    return steps;
  }

  static List<Step> dropout(Planner planner, Dropout op) {
    int rows = op.x().rows();
    int columns = op.x().dim(-1);
    long threads = rows * Grids.ceilDiv(columns, 4);
    return List.of(
        planner.launch(
            "dropout",
            "dropout",
            Launch.Shape.line(Grids.ceilDiv(threads, THREADS), THREADS),
            planner
                .arguments()
                .tensor(op.x())
                .tensor(op.y())
                .block(op.control().buffer())
                .integer(rows)
                .integer(columns)
                .number(op.rate())
                .number(1 / (1 - op.rate()))
                .integer64(op.seed())));
  }

  static List<Step> runningAverage(Planner planner, RunningAverage op) {
    long n = op.average().length();
    return List.of(
        planner.launch(
            "running_average",
            "running_average",
            Launch.Shape.line(Grids.ceilDiv(n, 4 * THREADS), THREADS),
            planner
                .arguments()
                .tensor(op.value())
                .tensor(op.average())
                .tensor(op.status())
                .integer64(n)
                .number(op.momentum())
                .number(op.factor())));
  }

  /** A block for every strip of columns and all rows. */
  private static Launch.Shape strips(Tensor x) {
    long strips = Grids.ceilDiv(x.dim(-1), 4 * STRIP_X);
    return new Launch.Shape(Math.toIntExact(strips), 1, STRIP_X, STRIP_Y);
  }

  /** A group of threads for every row. */
  private static Launch.Shape rows(Tensor x) {
    return Launch.Shape.line(Grids.ceilDiv(x.rows(), ROW_THREADS / lanes(x)), ROW_THREADS);
  }

  private static int lanes(Tensor x) {
    return Grids.lanes(x.dim(-1), WARP);
  }
}
