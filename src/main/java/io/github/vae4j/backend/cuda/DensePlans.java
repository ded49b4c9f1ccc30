// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.cuda.driver.KernelSources;
import io.github.vae4j.backend.cuda.driver.Launch;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.cuda.lt.LtProduct;
import io.github.vae4j.backend.cuda.lt.LtProduct.Epilogue;
import io.github.vae4j.backend.cuda.lt.Timed;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@link Dense} and {@link DenseBackward}: matrix products on cuBLASLt, with what comes after them
 * in its epilogue where it has one that computes the same, else in one kernel of ours.
 *
 * <p>Forward, cuBLASLt has bias and bias + ReLU. Its GELU is the tanh approximation, ours the exact
 * one; others it does not have. Backward, the op is given y and dy, so our kernel multiplies by the
 * derivative and sums the bias gradient in one pass; in a program that holds the op before it,
 * {@link Fusion} gives that to the product that makes dy. For the identity nothing is multiplied,
 * and the bias gradient is an epilogue of the weight gradient's product.
 */
final class DensePlans {
  /** Columns a block of the element kernels covers: 32 threads of four. */
  private static final int BLOCK_COLUMNS = 128;

  private static final int BLOCK_ROWS = 8;

  /** Rows a block sums at least, and how many blocks at most share a column's sum. */
  private static final int MIN_CHUNK_ROWS = 16;

  private static final int MAX_CHUNKS = 64;

  private static final int SOURCE_DIGITS = 8;

  private DensePlans() {}

  static List<Step> forward(Planner planner, Dense op) {
    return forwardTimed(planner, op).steps();
  }

  /** The forward pass: fused or not, whichever is measured to be faster; fused where none is. */
  static Timed forwardTimed(Planner planner, Dense op) {
    Epilogue epilogue =
        switch (op.activation()) {
          case IDENTITY -> Epilogue.BIAS;
          case RELU -> Epilogue.RELU_BIAS;
          case TANH, SIGMOID, SOFTPLUS, ELU, LEAKY_RELU, SILU, GELU -> Epilogue.NONE;
        };
    Timed fused =
        epilogue == Epilogue.NONE
            ? null
            : ProductPlans.tryFused(planner, product(planner, op, epilogue), false);
    if (fused != null && !planner.measures()) {
      return fused;
    }
    Timed plain = ProductPlans.plain(planner, product(planner, op, Epilogue.NONE), false);
    double apart = plain.micros();
    if (epilogue != Epilogue.NONE && planner.measures()) {
      apart += biasActivationMicros(planner, op);
    }
    if (fused != null && fused.micros() <= apart) {
      return fused;
    }
    List<Step> steps = new ArrayList<>(plain.steps());
    steps.add(biasActivation(planner, op, planner.address(op.y())));
    return new Timed(steps, apart);
  }

  /** The forward pass of a ReLU layer that leaves its bit mask; null if cuBLASLt cannot. */
  static @Nullable Timed forwardWithMask(Planner planner, Dense op, long mask) {
    LtProduct product = product(planner, op, Epilogue.RELU_MASK_BIAS);
    return ProductPlans.tryFused(
        planner, product.with(Epilogue.RELU_MASK_BIAS, product.bias(), mask), false);
  }

  /** What the bit mask of a layer's output takes. */
  static long maskBytes(Planner planner, Dense op) {
    return product(planner, op, Epilogue.NONE).maskBytes();
  }

  /**
   * The input gradient of a layer, through the ReLU of the layer below and with the bias gradient
   * of that; null if cuBLASLt cannot.
   */
  static @Nullable Timed inputGradientThroughRelu(
      Planner planner, DenseBackward above, Tensor dx, DenseBackward below, long mask) {
    return ProductPlans.tryFused(
        planner,
        inputGradient(planner, above, dx)
            .with(Epilogue.MASK_SUM, planner.address(below.dBias()), mask),
        false);
  }

  /** What the input gradient of a layer and the gradient of the ReLU layer below take apart. */
  static double apartMicros(Planner planner, DenseBackward above, Tensor dx, DenseBackward below) {
    return ProductPlans.plain(planner, inputGradient(planner, above, dx), false).micros()
        + activationBackwardMicros(planner, below);
  }

  static List<Step> backward(Planner planner, DenseBackward op) {
    Backward parts = backward(planner, op, false, null, false);
    List<Step> steps = new ArrayList<>(parts.before());
    steps.addAll(parts.weightGradient());
    steps.addAll(parts.after());
    return steps;
  }

  /**
   * A backward pass in its order; the weight gradient may also run beside all that follows it and
   * neither reads it nor writes what it reads.
   *
   * @param before makes dv of dy, if anything has to
   * @param weightGradient the product that makes dWeight, and dBias where it can
   * @param after the product that makes dx, if that is wanted
   */
  record Backward(List<Step> before, List<Step> weightGradient, List<Step> after) {}

  /**
   * The backward pass, some of which may be done elsewhere.
   *
   * @param activated whether dy holds dv and dBias its sums already
   * @param inputGradient the product that makes dx; null for the plain one
   * @param beside whether the weight gradient may run beside the rest
   */
  static Backward backward(
      Planner planner,
      DenseBackward op,
      boolean activated,
      @Nullable List<Step> inputGradient,
      boolean beside) {
    List<Step> before = new ArrayList<>();
    Timed weightGradient = null;
    if (op.forward().activation() == Activation.IDENTITY) {
      weightGradient =
          ProductPlans.tryFused(planner, weightGradient(planner, op, Epilogue.SUM_A), beside);
    }
    if (weightGradient == null || planner.measures()) {
      Timed plain = ProductPlans.plain(planner, weightGradient(planner, op, Epilogue.NONE), beside);
      if (weightGradient == null
          || weightGradient.micros() > plain.micros() + activationBackwardMicros(planner, op)) {
        weightGradient = plain;
        if (!activated) {
          before.add(activationBackward(planner, op, Target.of(planner, op)));
        }
      }
    }
    Tensor dx = op.dx();
    List<Step> after = new ArrayList<>();
    if (inputGradient != null) {
      after.addAll(inputGradient);
    } else if (dx != null) {
      after.addAll(ProductPlans.plain(planner, inputGradient(planner, op, dx), false).steps());
    }
    return new Backward(before, weightGradient.steps(), after);
  }

  /** The sizes of a layer's products. */
  private record Sizes(int batch, int inputs, int outputs) {
    static Sizes of(Dense op) {
      return new Sizes(op.y().rows(), op.x().dim(-1), op.y().dim(-1));
    }
  }

  private static LtProduct product(Planner planner, Dense op, Epilogue epilogue) {
    Sizes sizes = Sizes.of(op);
    return LtProduct.forward(
        sizes.batch(),
        sizes.inputs(),
        sizes.outputs(),
        planner.address(op.x()),
        planner.address(op.weight()),
        planner.address(op.y()),
        epilogue,
        epilogue == Epilogue.NONE ? 0 : planner.address(op.bias()));
  }

  private static LtProduct weightGradient(Planner planner, DenseBackward op, Epilogue epilogue) {
    Sizes sizes = Sizes.of(op.forward());
    return LtProduct.weightGradient(
        sizes.batch(),
        sizes.inputs(),
        sizes.outputs(),
        planner.address(op.forward().x()),
        planner.address(op.dy()),
        planner.address(op.dWeight()),
        epilogue,
        epilogue == Epilogue.NONE ? 0 : planner.address(op.dBias()));
  }

  private static LtProduct inputGradient(Planner planner, DenseBackward op, Tensor dx) {
    Sizes sizes = Sizes.of(op.forward());
    return LtProduct.inputGradient(
        sizes.batch(),
        sizes.inputs(),
        sizes.outputs(),
        planner.address(op.dy()),
        planner.address(op.forward().weight()),
        planner.address(dx));
  }

  private static Step biasActivation(Planner planner, Dense op, long y) {
    Sizes sizes = Sizes.of(op);
    long rowBlocks = Grids.ceilDiv(sizes.batch(), BLOCK_ROWS);
    return planner.launch(
        "bias_activation",
        "bias_activation_" + op.activation().id(),
        new Launch.Shape(
            (int) Grids.ceilDiv(sizes.outputs(), BLOCK_COLUMNS),
            (int) Math.min(rowBlocks, Launch.MAX_GRID_Y),
            BLOCK_COLUMNS / 4,
            BLOCK_ROWS),
        planner
            .arguments()
            .pointer(y)
            .tensor(op.bias())
            .tensor(op.preactivation())
            .integer(sizes.batch())
            .integer(sizes.outputs()));
  }

  /**
   * Under which a kernel's time is kept: its source is part of it, as another version is as well.
   */
  private static String kernelKey(String module, Dense layer) {
    Sizes sizes = Sizes.of(layer);
    String source = KernelSources.source(module).hash();
    return String.format(
        Locale.ROOT,
        "%s_%s %d x %d source=%s",
        module,
        layer.activation().id(),
        sizes.batch(),
        sizes.outputs(),
        source.substring(0, SOURCE_DIGITS));
  }

  /** What the kernel after a plain forward product takes, of a layer without a preactivation. */
  private static double biasActivationMicros(Planner planner, Dense op) {
    String key = kernelKey("bias_activation", op);
    return planner.micros(
        key,
        (trial, owner) -> {
          long bytes = op.y().length() * Float.BYTES;
          return biasActivation(
              trial, op, planner.lt().twin(planner.address(op.y()), bytes, owner));
        });
  }

  /** Where the kernel of the backward pass finds dy, which it replaces by dv, and leaves dBias. */
  private record Target(long dy, long dBias) {
    static Target of(Planner planner, DenseBackward op) {
      return new Target(planner.address(op.dy()), planner.address(op.dBias()));
    }
  }

  private static Step activationBackward(Planner planner, DenseBackward op, Target target) {
    Sizes sizes = Sizes.of(op.forward());
    long strips = Grids.ceilDiv(sizes.outputs(), BLOCK_COLUMNS);
    long even = Grids.ceilDiv(Grids.ceilDiv(sizes.batch(), MAX_CHUNKS), BLOCK_ROWS) * BLOCK_ROWS;
    int chunkRows = (int) Math.max(MIN_CHUNK_ROWS, even);
    int chunks = (int) Grids.ceilDiv(sizes.batch(), chunkRows);
    long partial = chunks == 1 ? 0 : planner.scratch((long) chunks * sizes.outputs() * Float.BYTES);
    long counters = chunks == 1 ? 0 : planner.scratch(strips * Integer.BYTES);
    return planner.launch(
        "activation_backward",
        "activation_backward_" + op.forward().activation().id(),
        new Launch.Shape((int) strips, chunks, BLOCK_COLUMNS / 4, BLOCK_ROWS),
        planner
            .arguments()
            .tensor(op.forward().kept())
            .pointer(target.dy())
            .pointer(target.dBias())
            .pointer(partial)
            .pointer(counters)
            .integer(sizes.batch())
            .integer(sizes.outputs())
            .integer(chunkRows));
  }

  /** What the kernel of the backward pass takes. */
  private static double activationBackwardMicros(Planner planner, DenseBackward op) {
    String key = kernelKey("activation_backward", op.forward());
    return planner.micros(
        key,
        (trial, owner) -> {
          long dy = planner.address(op.dy());
          long dBias = planner.address(op.dBias());
          return activationBackward(
              trial,
              op,
              new Target(
                  planner.lt().twin(dy, op.dy().length() * Float.BYTES, owner),
                  planner.lt().twin(dBias, op.dBias().length() * Float.BYTES, owner)));
        });
  }
}
