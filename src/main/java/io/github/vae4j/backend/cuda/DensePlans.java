// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.cuda.ActivationPlans.Target;
import io.github.vae4j.backend.cuda.driver.KernelSources;
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
 * {@link Dense} and {@link DenseBackward}: matrix products by cuBLASLt. The computation after a
 * product is an epilogue of cuBLASLt if there is one with the same result, else a kernel of ours.
 *
 * <p>Forward, cuBLASLt has epilogues for bias and for bias + ReLU. Its GELU is the tanh
 * approximation and ours the exact one; it has no other activations. Backward, the operands are y
 * and dy, so that our kernel multiplies by the derivative and sums the bias gradient in one pass;
 * {@link Fusion} moves that into the product that computes dy, if the program has it. For the
 * identity there is no multiplication, and the bias gradient is an epilogue of the weight
 * gradient's product.
 */
final class DensePlans {
  /** The greatest number of blocks of a column's sum. */
  private static final int MAX_CHUNKS = 64;

  private static final int SOURCE_DIGITS = 8;

  private DensePlans() {}

  static List<Step> forward(Planner planner, Dense op) {
    return forwardTimed(planner, op).steps();
  }

  /** The forward pass: fused or not, by the measured times; fused if nothing is measured. */
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

  /** The forward pass of a ReLU layer that also writes its bit mask; null if cuBLASLt cannot. */
  static @Nullable Timed forwardWithMask(Planner planner, Dense op, long mask) {
    LtProduct product = product(planner, op, Epilogue.RELU_MASK_BIAS);
    return ProductPlans.tryFused(
        planner, product.with(Epilogue.RELU_MASK_BIAS, product.bias(), mask), false);
  }

  /** The bytes of the bit mask of a layer's output. */
  static long maskBytes(Planner planner, Dense op) {
    return product(planner, op, Epilogue.NONE).maskBytes();
  }

  /**
   * The input gradient of a layer, through the ReLU of the layer below and with the bias gradient
   * of the layer below; null if cuBLASLt cannot.
   */
  static @Nullable Timed inputGradientThroughRelu(
      Planner planner, DenseBackward above, Tensor dx, DenseBackward below, long mask) {
    return ProductPlans.tryFused(
        planner,
        inputGradient(planner, above, dx)
            .with(Epilogue.MASK_SUM, planner.address(below.dBias()), mask),
        false);
  }

  /**
   * The time of the input gradient of a layer and of the gradient of the ReLU layer below as
   * separate steps.
   */
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
   * The steps of a backward pass in order. The weight gradient may also run parallel to all
   * following steps that neither read its output nor write its inputs.
   *
   * @param before computes dv from dy, if there is such a step
   * @param weightGradient the product that computes dWeight, and dBias if it can
   * @param after the product that computes dx, if dx is needed
   */
  record Backward(List<Step> before, List<Step> weightGradient, List<Step> after) {}

  /**
   * The backward pass, parts of which may be in other steps.
   *
   * @param activated whether dy already has dv and dBias its sums
   * @param inputGradient the product that computes dx; null for the plain one
   * @param beside whether the weight gradient may run parallel to the other steps
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
          before.add(
              activationBackward(
                  planner, op, new Target(planner.address(op.dy()), planner.address(op.dBias()))));
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
    return ActivationPlans.forward(
        planner,
        op.activation(),
        y,
        op.bias(),
        op.preactivation(),
        ActivationPlans.Sizes.of(op.y()));
  }

  /**
   * The key of a kernel's time. It has the source, because another version may have another time.
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

  /** The time of the kernel after a plain forward product, for a layer without a preactivation. */
  private static double biasActivationMicros(Planner planner, Dense op) {
    String key = kernelKey("bias_activation", op);
    return planner.micros(
        key,
        (trial, owner) -> {
          long bytes = op.y().length() * Float.BYTES;
          return biasActivation(
              trial, op, planner.gpu().trialMemory(planner.address(op.y()), bytes, owner));
        });
  }

  private static Step activationBackward(Planner planner, DenseBackward op, Target target) {
    return ActivationPlans.backward(
        planner,
        op.forward().activation(),
        op.forward().kept(),
        target,
        ActivationPlans.Sizes.of(op.forward().y()),
        MAX_CHUNKS);
  }

  /** The time of the kernel of the backward pass. */
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
                  planner.gpu().trialMemory(dy, op.dy().length() * Float.BYTES, owner),
                  planner.gpu().trialMemory(dBias, op.dBias().length() * Float.BYTES, owner)));
        });
  }
}
