// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.BatchNorm;
import io.github.vae4j.backend.op.BatchNormBackward;
import io.github.vae4j.backend.op.GroupNorm;
import io.github.vae4j.backend.op.GroupNormBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link GroupNorm} and its gradient; with the same kernels {@link BatchNorm} of many rows, which
 * is the group normalisation of one image whose groups are single channels.
 */
final class GroupNormPlans {
  /** The shape of a block in columns.cuh: threads of four channels, and of one pixel at a time. */
  private static final int STRIP_X = 8;

  private static final int STRIP_Y = 32;
  private static final int STRIP = 4 * STRIP_X;

  /** The number of blocks from which on an image is not divided into chunks. */
  private static final int ENOUGH_BLOCKS = 1024;

  /**
   * The least pixels of a chunk, and the most chunks. Each block of an image adds the sums of all
   * its chunks: a chunk has several times as many pixels as there are chunks, so that this stays a
   * small part of the block's work.
   */
  private static final int MIN_CHUNK = 512;

  private static final int PIXELS_OF_SUMS = 4;

  private static final int MAX_CHUNKS = 256;

  private GroupNormPlans() {}

  /**
   * The sizes of the image and the division of work into blocks: strips of whole groups, and, for
   * kernels that know no groups, strips of columns.
   */
  private record Grid(
      int images, int pixels, int channels, int width, int strip, int chunkPixels, int chunks) {
    static Grid of(int images, int pixels, int channels, int width) {
      int strip = strip(width);
      long blocks = images * Grids.ceilDiv(channels, strip);
      long most = (long) Math.sqrt((double) pixels / PIXELS_OF_SUMS);
      long wanted = Math.min(MAX_CHUNKS, Grids.ceilDiv(ENOUGH_BLOCKS, blocks));
      wanted = Math.max(1, Math.min(wanted, most));
      long even = Grids.ceilDiv(Grids.ceilDiv(pixels, wanted), STRIP_Y) * STRIP_Y;
      int chunk = (int) Math.min(pixels, Math.max(MIN_CHUNK, even));
      int chunks = (int) Grids.ceilDiv(pixels, chunk);
      return new Grid(images, pixels, channels, width, strip, chunk, chunks);
    }

    static Grid of(GroupNorm op) {
      int channels = op.scale().dim(0);
      return of(op.x().dim(0), op.x().dim(1), channels, channels / op.mean().dim(1));
    }

    static Grid of(BatchNorm op) {
      return of(1, op.x().rows(), op.scale().dim(0), 1);
    }

    /** Whole groups of at most 32 channels, a multiple of four if possible; or one larger group. */
    private static int strip(int width) {
      int most = Math.max(1, STRIP / width);
      int groups = most;
      while (groups > 1 && groups * width % 4 != 0) {
        groups--;
      }
      return (groups * width % 4 == 0 ? groups : most) * width;
    }

    /** The chunks of all images. */
    long parts() {
      return (long) images * chunks;
    }

    /** Whether a block owns all pixels of its groups, in one pass over their channels. */
    boolean whole() {
      return chunks == 1 && strip <= STRIP;
    }

    Launch.Shape blocks() {
      return shape(parts() * Grids.ceilDiv(channels, strip));
    }

    /** The blocks of the kernels that know no groups. */
    Launch.Shape columnBlocks() {
      return shape(parts() * Grids.ceilDiv(channels, STRIP));
    }

    private static Launch.Shape shape(long blocks) {
      return new Launch.Shape(Math.toIntExact(blocks), 1, STRIP_X, STRIP_Y);
    }

    /** The struct Groups of groups.cuh. */
    int[] groups() {
      return members(strip);
    }

    int[] columns() {
      return members(STRIP);
    }

    private int[] members(int of) {
      int strips = (int) Grids.ceilDiv(channels, of);
      return new int[] {pixels, channels, width, of, strips, chunkPixels, chunks};
    }

    /** Two sums of each channel over each chunk. */
    long partialBytes() {
      return 2 * parts() * channels * Float.BYTES;
    }
  }

  /** The operands of a normalisation. */
  private record Operands(
      Tensor x, Tensor scale, Tensor shift, Tensor mean, Tensor variance, Tensor y, float epsilon) {
    static Operands of(GroupNorm op) {
      return new Operands(
          op.x(), op.scale(), op.shift(), op.mean(), op.variance(), op.y(), op.epsilon());
    }

    static Operands of(BatchNorm op) {
      return new Operands(
          op.x(), op.scale(), op.shift(), op.mean(), op.variance(), op.y(), op.epsilon());
    }
  }

  /** The gradients. */
  private record Gradients(Tensor dy, @Nullable Tensor dx, Tensor dScale, Tensor dShift) {}

  static List<Step> group(Planner planner, GroupNorm op) {
    Grid grid = Grid.of(op);
    Operands operands = Operands.of(op);
    if (!grid.whole()) {
      return chunked(planner, operands, grid, true);
    }
    return List.of(
        planner.launch(
            "group_norm",
            "group_norm",
            grid.blocks(),
            planner
                .arguments()
                .tensor(operands.x)
                .tensor(operands.scale)
                .tensor(operands.shift)
                .tensor(operands.mean)
                .tensor(operands.variance)
                .tensor(operands.y)
                .number(operands.epsilon)
                .integers(grid.groups())));
  }

  static List<Step> groupBackward(Planner planner, GroupNormBackward op) {
    return backward(
        planner,
        Operands.of(op.forward()),
        new Gradients(op.dy(), op.dx(), op.dScale(), op.dShift()),
        Grid.of(op.forward()),
        true);
  }

  /** Batch normalisation of many rows. */
  static List<Step> batch(Planner planner, BatchNorm op) {
    return chunked(planner, Operands.of(op), Grid.of(op), op.training());
  }

  /** The gradients of batch normalisation of many rows. */
  static List<Step> batchBackward(Planner planner, BatchNormBackward op) {
    return backward(
        planner,
        Operands.of(op.forward()),
        new Gradients(op.dy(), op.dx(), op.dScale(), op.dShift()),
        Grid.of(op.forward()),
        op.forward().training());
  }

  /**
   * The moments of chunks, and the normalisation by them, or, if they are not wanted, by the given
   * moments.
   */
  private static List<Step> chunked(
      Planner planner, Operands operands, Grid grid, boolean training) {
    List<Step> steps = new ArrayList<>();
    long partial = 0;
    if (training) {
      partial = planner.scratch(grid.partialBytes());
      steps.add(
          planner.launch(
              "group_norm",
              "group_norm_moments",
              grid.columnBlocks(),
              planner.arguments().tensor(operands.x).pointer(partial).integers(grid.columns())));
    }
    steps.add(
        planner.launch(
            "group_norm",
            "group_norm_apply",
            grid.blocks(),
            planner
                .arguments()
                .tensor(operands.x)
                .tensor(operands.scale)
                .tensor(operands.shift)
                .pointer(partial)
                .tensor(operands.mean)
                .tensor(operands.variance)
                .tensor(operands.y)
                .number(operands.epsilon)
                .integers(grid.groups())));
    return steps;
  }

  private static List<Step> backward(
      Planner planner, Operands operands, Gradients gradients, Grid grid, boolean training) {
    List<Step> steps = new ArrayList<>();
    long partial = planner.scratch(grid.partialBytes());
    if (gradients.dx != null && grid.whole() && training) {
      steps.add(
          planner.launch(
              "group_norm_backward",
              "group_norm_backward",
              grid.blocks(),
              planner
                  .arguments()
                  .tensor(operands.x)
                  .tensor(operands.scale)
                  .tensor(operands.mean)
                  .tensor(operands.variance)
                  .tensor(gradients.dy)
                  .tensor(gradients.dx)
                  .pointer(partial)
                  .number(operands.epsilon)
                  .integers(grid.groups())));
    } else {
      steps.add(
          planner.launch(
              "group_norm_backward",
              "group_norm_sums",
              grid.columnBlocks(),
              planner
                  .arguments()
                  .tensor(operands.x)
                  .tensor(operands.mean)
                  .tensor(operands.variance)
                  .tensor(gradients.dy)
                  .pointer(partial)
                  .number(operands.epsilon)
                  .integers(grid.columns())));
      if (gradients.dx != null) {
        steps.add(inputGradient(planner, operands, gradients, grid, partial, training));
      }
    }
    steps.add(
        planner.launch(
            "group_norm_backward",
            "group_norm_dscale",
            Grid.shape(Grids.ceilDiv(grid.channels, STRIP)),
            planner
                .arguments()
                .pointer(partial)
                .tensor(gradients.dScale)
                .tensor(gradients.dShift)
                .integer(Math.toIntExact(grid.parts()))
                .integer(grid.channels)));
    return steps;
  }

  private static Step inputGradient(
      Planner planner,
      Operands operands,
      Gradients gradients,
      Grid grid,
      long partial,
      boolean training) {
    return planner.launch(
        "group_norm_backward",
        "group_norm_dx",
        grid.blocks(),
        planner
            .arguments()
            .tensor(operands.x)
            .tensor(operands.scale)
            .tensor(operands.mean)
            .tensor(operands.variance)
            .tensor(gradients.dy)
            .tensor(gradients.dx)
            .pointer(partial)
            .number(operands.epsilon)
            .flag(training)
            .integers(grid.groups()));
  }
}
