// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.cuda.driver.Arguments;
import io.github.vae4j.backend.cuda.driver.KernelSources;
import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.likelihood.Block;
import io.github.vae4j.likelihood.GaussianOptimal;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link LikelihoodLoss}: one launch, of the likelihood's kernel or, for several blocks of columns,
 * of likelihood_composite; before it one launch for each {@link GaussianOptimal} block whose
 * variance is set.
 */
final class LikelihoodPlans {
  private static final int THREADS = 256;

  private final Planner planner;
  private final LikelihoodLoss op;
  private final List<Block> blocks;
  private final int features;
  private final int rows;

  private LikelihoodPlans(Planner planner, LikelihoodLoss op) {
    this.planner = planner;
    this.op = op;
    this.features = op.x().dim(1);
    this.blocks = op.likelihood().blocks(features);
    this.rows = Math.toIntExact(op.nll().length());
  }

  static List<Step> likelihood(Planner planner, LikelihoodLoss op) {
    return new LikelihoodPlans(planner, op).steps();
  }

  /** Whether there is a kernel for a likelihood of one block. */
  static boolean hasKernel(Likelihood likelihood) {
    return KernelSources.exists(kernel(likelihood));
  }

  /**
   * The kernel's file and name are derived from the likelihood's name, so that no list is needed.
   */
  private static String kernel(Likelihood likelihood) {
    return "likelihood_" + likelihood.name().replace('-', '_');
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (Block block : blocks) {
      if (!hasKernel(block.likelihood())) {
        throw new VaeException(
            "the cuda backend has no kernel for likelihood "
                + block.likelihood()
                + "; use BackendOptions.kind reference");
      }
      Tensor dShared = op.dShared();
      if (block.likelihood() instanceof GaussianOptimal && dShared != null) {
        steps.add(variance(block, op.shared(), dShared));
      }
    }
    steps.add(blocks.size() == 1 ? single(blocks.get(0).likelihood()) : composite());
    return steps;
  }

  private Step single(Likelihood likelihood) {
    int lanes = Grids.lanes(features, THREADS);
    String module = kernel(likelihood);
    boolean plain = op.mask() == null && op.rowWeight() == null;
    return planner.dependentLaunch(
        module,
        plain ? module : module + "_masked",
        Launch.Shape.line(rowBlocks(lanes), THREADS),
        arguments(lanes).floats(CompositeTable.constants(likelihood)));
  }

  private Step composite() {
    int widest = blocks.stream().mapToInt(Block::columns).max().orElseThrow();
    int lanes = Grids.lanes(widest, THREADS);
    long rowBlocks = rowBlocks(lanes);
    if (blocks.size() > Launch.MAX_GRID_Y) {
      throw new VaeException(
          "the cuda backend takes composite likelihoods of at most "
              + Launch.MAX_GRID_Y
              + " parts, given "
              + blocks.size()
              + "; use BackendOptions.kind cpu");
    }
    return planner.launch(
        "likelihood_composite",
        "likelihood_composite",
        new Launch.Shape(Math.toIntExact(rowBlocks), blocks.size(), THREADS, 1),
        arguments(lanes)
            .pointer(planner.table(CompositeTable.bytes(blocks)))
            .pointer(planner.scratch((long) blocks.size() * rows * Float.BYTES))
            .pointer(planner.scratch(rowBlocks * Integer.BYTES)));
  }

  private long rowBlocks(int lanes) {
    return Grids.ceilDiv(rows, THREADS / lanes);
  }

  /** The first arguments of the kernels of all likelihoods. */
  private Arguments arguments(int lanes) {
    boolean learned = blocks.stream().anyMatch(LikelihoodPlans::hasSharedGradient);
    Tensor dShared = learned ? op.dShared() : null;
    long slopes = dShared == null ? 0 : dShared.length() * rows;
    return planner
        .arguments()
        .tensor(op.parameters())
        .tensor(op.shared())
        .tensor(op.x())
        .tensor(op.mask())
        .tensor(op.rowWeight())
        .tensor(op.nll())
        .tensor(op.dParameters())
        .tensor(dShared)
        .pointer(slopes == 0 ? 0 : planner.scratch(slopes * Float.BYTES))
        .pointer(slopes == 0 ? 0 : planner.scratch(Integer.BYTES))
        .integer(rows)
        .integer(op.nll().dim(1))
        .integer(rowsPerWeight())
        .integer(features)
        .integer(op.parameters().dim(2))
        .number(op.scale())
        .integer(lanes);
  }

  private static boolean hasSharedGradient(Block block) {
    return block.sharedCount() > 0 && !(block.likelihood() instanceof GaussianOptimal);
  }

  private int rowsPerWeight() {
    Tensor weights = op.rowWeight();
    return weights == null ? 1 : Math.toIntExact(rows / weights.length());
  }

  private Step variance(Block block, @Nullable Tensor shared, Tensor dShared) {
    int lanes = Grids.lanes(block.columns(), THREADS);
    return planner.launch(
        kernel(block.likelihood()),
        "likelihood_gaussian_optimal_variance",
        Launch.Shape.line(rowBlocks(lanes), THREADS),
        planner
            .arguments()
            .pointer(from(op.parameters(), block.parameter()))
            .pointer(from(op.x(), block.column()))
            .pointer(from(op.mask(), block.column()))
            .tensor(op.rowWeight())
            .pointer(from(shared, block.shared()))
            .pointer(from(dShared, block.shared()))
            .pointer(planner.scratch(2L * rows * Double.BYTES))
            .pointer(planner.scratch(Integer.BYTES))
            .integer(rows)
            .integer(op.nll().dim(1))
            .integer(rowsPerWeight())
            .integer(features)
            .integer(op.parameters().dim(2))
            .integer(block.columns())
            .integer(lanes));
  }

  /** The address of a float in a tensor; 0 for no tensor. */
  private long from(@Nullable Tensor tensor, int element) {
    return tensor == null ? 0 : planner.address(tensor) + (long) element * Float.BYTES;
  }
}
