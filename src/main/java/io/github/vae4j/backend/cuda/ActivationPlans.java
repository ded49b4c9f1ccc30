// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The kernels after the product of a dense layer or the sums of a convolution, of which each pixel
 * is a row: the bias and the activation, and their gradients.
 */
final class ActivationPlans {
  /** The columns of a block: 32 threads of four. */
  private static final int BLOCK_COLUMNS = 128;

  private static final int BLOCK_ROWS = 8;

  /** The values of a block of the kernel for few columns: 256 threads of four. */
  private static final int FEW_VALUES = 1024;

  /** The greatest number of such blocks: each reads all biases. */
  private static final int FEW_BLOCKS = 1056;

  /** The least number of rows that a block sums. */
  private static final int MIN_CHUNK_ROWS = 16;

  private ActivationPlans() {}

  /** The sizes of y. */
  record Sizes(int rows, int columns) {
    static Sizes of(Tensor y) {
      return new Sizes(y.rows(), y.dim(-1));
    }
  }

  /**
   * y = activation(y + bias).
   *
   * @param y address
   * @param preactivation receives y + bias; may be null
   */
  static Step forward(
      Planner planner,
      Activation activation,
      long y,
      Tensor bias,
      @Nullable Tensor preactivation,
      Sizes sizes) {
    boolean few = sizes.columns() < BLOCK_COLUMNS;
    return planner.launch(
        "bias_activation",
        (few ? "bias_activation_few_" : "bias_activation_") + activation.id(),
        few ? flat(sizes) : strips(sizes),
        planner
            .arguments()
            .pointer(y)
            .tensor(bias)
            .tensor(preactivation)
            .integer(sizes.rows())
            .integer(sizes.columns()));
  }

  private static Launch.Shape flat(Sizes sizes) {
    long blocks = Grids.ceilDiv((long) sizes.rows() * sizes.columns(), FEW_VALUES);
    return new Launch.Shape((int) Math.min(blocks, FEW_BLOCKS), 1, FEW_VALUES / 4, 1);
  }

  private static Launch.Shape strips(Sizes sizes) {
    long rowBlocks = Grids.ceilDiv(sizes.rows(), BLOCK_ROWS);
    return new Launch.Shape(
        (int) Grids.ceilDiv(sizes.columns(), BLOCK_COLUMNS),
        (int) Math.min(rowBlocks, Launch.MAX_GRID_Y),
        BLOCK_COLUMNS / 4,
        BLOCK_ROWS);
  }

  /** The gradients: replaces dy by dv and writes the bias gradient; both are addresses. */
  record Target(long dy, long dBias) {}

  /**
   * dv = dy activation'(kept), and the sums of its columns.
   *
   * @param kept y or the preactivation
   * @param mostChunks the greatest number of blocks of a column's sum
   */
  static Step backward(
      Planner planner,
      Activation activation,
      Tensor kept,
      Target target,
      Sizes sizes,
      int mostChunks) {
    long strips = Grids.ceilDiv(sizes.columns(), BLOCK_COLUMNS);
    long even = Grids.ceilDiv(Grids.ceilDiv(sizes.rows(), mostChunks), BLOCK_ROWS) * BLOCK_ROWS;
    int chunkRows = (int) Math.max(MIN_CHUNK_ROWS, even);
    int chunks = (int) Grids.ceilDiv(sizes.rows(), chunkRows);
    long partial = chunks == 1 ? 0 : planner.scratch((long) chunks * sizes.columns() * Float.BYTES);
    long counters = chunks == 1 ? 0 : planner.scratch(strips * Integer.BYTES);
    return planner.launch(
        "activation_backward",
        "activation_backward_" + activation.id(),
        new Launch.Shape((int) strips, chunks, BLOCK_COLUMNS / 4, BLOCK_ROWS),
        planner
            .arguments()
            .tensor(kept)
            .pointer(target.dy())
            .pointer(target.dBias())
            .pointer(partial)
            .pointer(counters)
            .integer(sizes.rows())
            .integer(sizes.columns())
            .integer(chunkRows));
  }
}
