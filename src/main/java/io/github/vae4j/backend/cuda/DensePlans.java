package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.cuda.LtProduct.Epilogue;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Dense} and {@link DenseBackward}: matrix products on cuBLASLt, with what comes after them
 * in its epilogue where it has one that computes the same, else in one kernel of ours.
 *
 * <p>Forward, cuBLASLt has bias and bias + ReLU. Its GELU is the tanh approximation, ours the exact
 * one; others it does not have. Backward, the op is given y and dy, so our kernel multiplies by the
 * derivative and sums the bias gradient in one pass; in a recording, where the op before it is
 * known, {@link Fusion} gives that to the product that makes dy. For the identity nothing is
 * multiplied, and the bias gradient is an epilogue of the weight gradient's product.
 */
final class DensePlans {
  /** Columns a block of the element kernels covers: 32 threads of four. */
  private static final int BLOCK_COLUMNS = 128;

  private static final int BLOCK_ROWS = 8;

  /** Rows a block sums at least, and how many blocks at most share a column's sum. */
  private static final int MIN_CHUNK_ROWS = 16;

  private static final int MAX_CHUNKS = 64;

  private DensePlans() {}

  static List<Step> forward(Planner planner, Dense op) {
    Epilogue epilogue =
        switch (op.activation()) {
          case IDENTITY -> Epilogue.BIAS;
          case RELU -> Epilogue.RELU_BIAS;
          case TANH, SIGMOID, SOFTPLUS, ELU, LEAKY_RELU, SILU, GELU -> Epilogue.NONE;
        };
    if (epilogue != Epilogue.NONE) {
      LtMatmul fused = LtMatmul.tryPlan(planner.lt(), product(planner, op, epilogue));
      if (fused != null) {
        return List.of(planner.own(fused));
      }
    }
    Step product = planner.own(LtMatmul.plan(planner.lt(), product(planner, op, Epilogue.NONE)));
    return List.of(product, biasActivation(planner, op));
  }

  /** The forward pass of a ReLU layer that leaves its bit mask; null if cuBLASLt cannot. */
  static @Nullable LtMatmul forwardWithMask(Planner planner, Dense op, long mask) {
    LtProduct product = product(planner, op, Epilogue.RELU_MASK_BIAS);
    return LtMatmul.tryPlan(
        planner.lt(), product.with(Epilogue.RELU_MASK_BIAS, product.bias(), mask));
  }

  /** What the bit mask of a layer's output takes. */
  static long maskBytes(Planner planner, Dense op) {
    return product(planner, op, Epilogue.NONE).maskBytes();
  }

  /**
   * The input gradient of a layer, through the ReLU of the layer below and with the bias gradient
   * of that; null if cuBLASLt cannot.
   */
  static @Nullable LtMatmul inputGradientThroughRelu(
      Planner planner, DenseBackward above, Buffer dx, DenseBackward below, long mask) {
    return LtMatmul.tryPlan(
        planner.lt(),
        inputGradient(planner, above, dx)
            .with(Epilogue.MASK_SUM, planner.address(below.dBias()), mask));
  }

  static List<Step> backward(Planner planner, DenseBackward op) {
    return backward(planner, op, false, null);
  }

  /**
   * The backward pass, some of which may be done elsewhere.
   *
   * @param activated whether dy holds dv and dBias its sums already
   * @param inputGradient the product that makes dx; null for the plain one
   */
  static List<Step> backward(
      Planner planner, DenseBackward op, boolean activated, @Nullable Step inputGradient) {
    List<Step> steps = new ArrayList<>();
    LtMatmul weightGradient = null;
    if (op.activation() == Activation.IDENTITY) {
      weightGradient = LtMatmul.tryPlan(planner.lt(), weightGradient(planner, op, Epilogue.SUM_A));
    }
    if (weightGradient == null) {
      if (!activated) {
        steps.add(activationBackward(planner, op));
      }
      weightGradient = LtMatmul.plan(planner.lt(), weightGradient(planner, op, Epilogue.NONE));
    }
    steps.add(planner.own(weightGradient));
    Buffer dx = op.dx();
    if (inputGradient != null) {
      steps.add(inputGradient);
    } else if (dx != null) {
      steps.add(planner.own(LtMatmul.plan(planner.lt(), inputGradient(planner, op, dx))));
    }
    return steps;
  }

  private static LtProduct product(Planner planner, Dense op, Epilogue epilogue) {
    return LtProduct.forward(
        op.batch(),
        op.inputs(),
        op.outputs(),
        planner.address(op.x()),
        planner.address(op.weight()),
        planner.address(op.y()),
        epilogue,
        epilogue == Epilogue.NONE ? 0 : planner.address(op.bias()));
  }

  private static LtProduct weightGradient(Planner planner, DenseBackward op, Epilogue epilogue) {
    return LtProduct.weightGradient(
        op.batch(),
        op.inputs(),
        op.outputs(),
        planner.address(op.x()),
        planner.address(op.dy()),
        planner.address(op.dWeight()),
        epilogue,
        epilogue == Epilogue.NONE ? 0 : planner.address(op.dBias()));
  }

  private static LtProduct inputGradient(Planner planner, DenseBackward op, Buffer dx) {
    return LtProduct.inputGradient(
        op.batch(),
        op.inputs(),
        op.outputs(),
        planner.address(op.dy()),
        planner.address(op.weight()),
        planner.address(dx));
  }

  private static Step biasActivation(Planner planner, Dense op) {
    @Nullable Buffer preactivation = op.preactivation();
    long rowBlocks = Grids.ceilDiv(op.batch(), BLOCK_ROWS);
    return planner.launch(
        "bias_activation",
        "bias_activation_" + op.activation().id(),
        new Launch.Shape(
            (int) Grids.ceilDiv(op.outputs(), BLOCK_COLUMNS),
            (int) Math.min(rowBlocks, Launch.MAX_GRID_Y),
            BLOCK_COLUMNS / 4,
            BLOCK_ROWS),
        planner
            .arguments()
            .buffer(op.y())
            .buffer(op.bias())
            .buffer(preactivation)
            .integer(op.batch())
            .integer(op.outputs()));
  }

  private static Step activationBackward(Planner planner, DenseBackward op) {
    long strips = Grids.ceilDiv(op.outputs(), BLOCK_COLUMNS);
    long even = Grids.ceilDiv(Grids.ceilDiv(op.batch(), MAX_CHUNKS), BLOCK_ROWS) * BLOCK_ROWS;
    int chunkRows = (int) Math.max(MIN_CHUNK_ROWS, even);
    int chunks = (int) Grids.ceilDiv(op.batch(), chunkRows);
    long partial = chunks == 1 ? 0 : planner.scratch((long) chunks * op.outputs() * Float.BYTES);
    long counters = chunks == 1 ? 0 : planner.scratch(strips * Integer.BYTES);
    return planner.launch(
        "activation_backward",
        "activation_backward_" + op.activation().id(),
        new Launch.Shape((int) strips, chunks, BLOCK_COLUMNS / 4, BLOCK_ROWS),
        planner
            .arguments()
            .buffer(op.y())
            .buffer(op.dy())
            .buffer(op.dBias())
            .pointer(partial)
            .pointer(counters)
            .integer(op.batch())
            .integer(op.outputs())
            .integer(chunkRows));
  }
}
