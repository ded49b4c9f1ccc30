// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Window;
import io.github.vae4j.backend.cuda.driver.Arguments;
import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.PixelShuffle;
import io.github.vae4j.backend.op.Pool;
import io.github.vae4j.backend.op.PoolBackward;
import io.github.vae4j.backend.op.SwapAxes;
import io.github.vae4j.backend.op.Upsample;
import io.github.vae4j.backend.op.UpsampleBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.List;

/**
 * The ops that move or combine pixels: {@link Pool}, {@link Upsample}, their gradients, {@link
 * PixelShuffle} and {@link SwapAxes}.
 */
final class ImagePlans {
  private static final int THREADS = 256;

  /** The channels of a thread where they allow loads of 128 bits. */
  private static final int QUAD = 4;

  private static final int QUAD_BYTES = 16;

  /** The greatest number of values that a thread of pixel_shuffle moves if F has several. */
  private static final int MOST_MOVED = 16;

  /** The shared memory of a tile of swap_axes, the longest run for tiles, and their usual side. */
  private static final int TILE_FLOATS = 2048;

  private static final int MAX_TILED_RUN = 7;
  private static final int SIDE_OF_SINGLES = 32;
  private static final int SIDE_OF_RUNS = 16;

  private ImagePlans() {}

  static List<Step> pool(Planner planner, Pool op) {
    int quad = quad(planner, op.x(), op.y());
    return List.of(
        planner.launch(
            "pool",
            (op.average() ? "pool_average_" : "pool_maximum_") + quad,
            threads(op.y(), quad),
            window(
                planner
                    .arguments()
                    .tensor(op.x())
                    .tensor(op.y())
                    .integer(Math.toIntExact(op.y().length() / quad)),
                op)));
  }

  static List<Step> poolBackward(Planner planner, PoolBackward op) {
    Pool forward = op.forward();
    // The average does not read x.
    int quad = quad(planner, forward.average() ? op.dx() : forward.x(), op.dy(), op.dx());
    return List.of(
        planner.launch(
            "pool_backward",
            (forward.average() ? "pool_average_backward_" : "pool_maximum_backward_") + quad,
            threads(op.dx(), quad),
            window(
                planner
                    .arguments()
                    .tensor(forward.x())
                    .tensor(op.dy())
                    .tensor(op.dx())
                    .integer(Math.toIntExact(op.dx().length() / quad)),
                forward)));
  }

  /** The struct PoolShape of pool.cuh. */
  private static Arguments window(Arguments arguments, Pool op) {
    Window window = op.window();
    return arguments.integers(
        op.x().dim(3),
        op.x().dim(1),
        op.y().dim(1),
        window.kernelHeight(),
        window.strideHeight(),
        window.paddingHeight(),
        op.x().dim(2),
        op.y().dim(2),
        window.kernelWidth(),
        window.strideWidth(),
        window.paddingWidth());
  }

  static List<Step> upsample(Planner planner, Upsample op) {
    int quad = quad(planner, op.x(), op.y());
    return List.of(
        planner.launch(
            "upsample",
            (op.bilinear() ? "upsample_bilinear_" : "upsample_nearest_") + quad,
            threads(op.y(), quad),
            enlargement(
                planner
                    .arguments()
                    .tensor(op.x())
                    .tensor(op.y())
                    .integer(Math.toIntExact(op.y().length() / quad)),
                op)));
  }

  static List<Step> upsampleBackward(Planner planner, UpsampleBackward op) {
    int quad = quad(planner, op.dy(), op.dx());
    return List.of(
        planner.launch(
            "upsample_backward",
            (op.forward().bilinear() ? "upsample_bilinear_backward_" : "upsample_nearest_backward_")
                + quad,
            threads(op.dx(), quad),
            enlargement(
                planner
                    .arguments()
                    .tensor(op.dy())
                    .tensor(op.dx())
                    .integer(Math.toIntExact(op.dx().length() / quad)),
                op.forward())));
  }

  /** The size of the smaller image, and both factors. */
  private static Arguments enlargement(Arguments arguments, Upsample op) {
    return arguments
        .integer(op.x().dim(1))
        .integer(op.x().dim(2))
        .integer(op.x().dim(3))
        .integer(op.y().dim(1) / op.x().dim(1))
        .integer(op.y().dim(2) / op.x().dim(2));
  }

  static List<Step> pixelShuffle(Planner planner, PixelShuffle op) {
    Tensor packed = op.packed();
    Tensor image = op.image();
    int pixels = packed.dim(0) * packed.dim(1) * packed.dim(2);
    int channels = image.dim(3);
    int vertical = image.dim(1) / packed.dim(1);
    int horizontal = image.dim(2) / packed.dim(2);
    long blocks = Grids.ceilDiv((long) pixels * channels, THREADS);
    boolean apart = (long) vertical * horizontal > MOST_MOVED;
    int parts = apart ? Math.min(vertical, Launch.MAX_GRID_Y) : 1;
    return List.of(
        planner.launch(
            "pixel_shuffle",
            op.inverse() ? "pixel_shuffle_inverse" : "pixel_shuffle",
            new Launch.Shape(Math.toIntExact(blocks), parts, THREADS, 1),
            planner
                .arguments()
                .tensor(op.x())
                .tensor(op.y())
                .integer(pixels)
                .integer(packed.dim(2))
                .integer(channels)
                .integer(vertical)
                .integer(horizontal)));
  }

  static List<Step> swapAxes(Planner planner, SwapAxes op) {
    int images = op.x().dim(0);
    int rows = op.x().dim(1);
    int columns = op.x().dim(2);
    int run = op.x().dim(3);
    if (run <= MAX_TILED_RUN && (long) rows * columns * run >= THREADS) {
      int side = run == 1 ? SIDE_OF_SINGLES : SIDE_OF_RUNS;
      int across = Math.min(columns, side);
      int down = Math.min(rows, side);
      // Where there are few rows or columns, a tile has more of the others.
      if (rows < side) {
        across = Math.min(columns, multiple((TILE_FLOATS / rows - 1) / run));
      } else if (columns < side) {
        down = Math.min(rows, multiple(TILE_FLOATS / (columns * run | 1)));
      }
      return List.of(
          planner.launch(
              "swap_axes",
              "swap_axes_tiles",
              Launch.Shape.line(
                  images * Grids.ceilDiv(rows, down) * Grids.ceilDiv(columns, across), THREADS),
              planner
                  .arguments()
                  .tensor(op.x())
                  .tensor(op.y())
                  .integer(rows)
                  .integer(columns)
                  .integer(run)
                  .integer(down)
                  .integer(across)));
    }
    int quad = quad(planner, op.x(), op.y());
    return List.of(
        planner.launch(
            "swap_axes",
            "swap_axes_runs_" + quad,
            threads(op.y(), quad),
            planner
                .arguments()
                .tensor(op.x())
                .tensor(op.y())
                .integer(images)
                .integer(rows)
                .integer(columns)
                .integer(run)));
  }

  /** The greatest multiple of a tile's least side: lines of tiles then start at whole sectors. */
  private static int multiple(int size) {
    return size / SIDE_OF_RUNS * SIDE_OF_RUNS;
  }

  /** The number of channels of a thread that accesses these images. */
  private static int quad(Planner planner, Tensor... images) {
    for (Tensor image : images) {
      if (image.dim(-1) % QUAD != 0 || planner.address(image) % QUAD_BYTES != 0) {
        return 1;
      }
    }
    return QUAD;
  }

  /** A thread for every few channels of an image. */
  private static Launch.Shape threads(Tensor image, int quad) {
    return Launch.Shape.line(Grids.ceilDiv(image.length() / quad, THREADS), THREADS);
  }
}
