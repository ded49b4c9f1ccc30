// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Window;
import io.github.vae4j.backend.cuda.ActivationPlans.Sizes;
import io.github.vae4j.backend.cuda.ActivationPlans.Target;
import io.github.vae4j.backend.cuda.dnn.DnnConvolution;
import io.github.vae4j.backend.cuda.dnn.DnnConvolution.Pass;
import io.github.vae4j.backend.cuda.driver.Step;
import io.github.vae4j.backend.op.Conv;
import io.github.vae4j.backend.op.ConvBackward;
import io.github.vae4j.backend.op.ConvTranspose;
import io.github.vae4j.backend.op.ConvTransposeBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Conv}, {@link ConvTranspose} and their gradients: sums by cuDNN; bias, activation and
 * their gradients by our kernels. cuDNN fuses a bias with two of our nine activations only, not
 * with those that keep a preactivation, and not with the data gradient that a transposed
 * convolution is.
 */
final class ConvPlans {
  /** Kernels of cuDNN load vectors of so many bytes; operands at other addresses are copied. */
  private static final int ALIGNMENT = 16;

  /** The greatest number of blocks of a bias gradient: an image has many rows of few columns. */
  private static final int MAX_CHUNKS = 1024;

  private ConvPlans() {}

  static List<Step> forward(Planner planner, Conv op) {
    Sums sums = new Sums(planner, op.window(), op.groups());
    List<Step> steps = sums.of(Pass.FORWARD, op.x(), op.weight(), op.y());
    steps.add(biasActivation(planner, op.activation(), op.y(), op.bias(), op.preactivation()));
    return steps;
  }

  static List<Step> transposed(Planner planner, ConvTranspose op) {
    Sums sums = new Sums(planner, op.window(), op.groups());
    List<Step> steps = sums.of(Pass.DATA_GRADIENT, op.y(), op.weight(), op.x());
    steps.add(biasActivation(planner, op.activation(), op.y(), op.bias(), op.preactivation()));
    return steps;
  }

  static List<Step> backward(Planner planner, ConvBackward op) {
    Conv forward = op.forward();
    Sums sums = new Sums(planner, forward.window(), forward.groups());
    List<Step> steps = new ArrayList<>();
    steps.add(
        activationBackward(planner, forward.activation(), forward.kept(), op.dy(), op.dBias()));
    steps.addAll(sums.of(Pass.FILTER_GRADIENT, forward.x(), op.dWeight(), op.dy()));
    Tensor dx = op.dx();
    if (dx != null) {
      steps.addAll(sums.of(Pass.DATA_GRADIENT, dx, forward.weight(), op.dy()));
    }
    return steps;
  }

  static List<Step> transposedBackward(Planner planner, ConvTransposeBackward op) {
    ConvTranspose forward = op.forward();
    Sums sums = new Sums(planner, forward.window(), forward.groups());
    List<Step> steps = new ArrayList<>();
    steps.add(
        activationBackward(planner, forward.activation(), forward.kept(), op.dy(), op.dBias()));
    steps.addAll(sums.of(Pass.FILTER_GRADIENT, op.dy(), op.dWeight(), forward.x()));
    Tensor dx = op.dx();
    if (dx != null) {
      steps.addAll(sums.of(Pass.FORWARD, op.dy(), forward.weight(), dx));
    }
    return steps;
  }

  /** The sums of a convolution's passes. */
  private record Sums(Planner planner, Window window, int groups) {
    /**
     * The sums of a pass.
     *
     * @param large the images on the side of x of a convolution
     * @param small the images on the side of y
     */
    List<Step> of(Pass pass, Tensor large, Tensor filter, Tensor small) {
      DnnConvolution convolution =
          new DnnConvolution(
              pass,
              large.dim(0),
              large.dim(1),
              large.dim(2),
              large.dim(3),
              small.dim(1),
              small.dim(2),
              small.dim(3),
              window,
              groups,
              planner.address(large),
              planner.address(filter),
              planner.address(small));
      List<Step> steps = new ArrayList<>();
      List<Step> after = new ArrayList<>();
      Copies copies = new Copies(planner, steps, after);
      DnnConvolution aligned =
          convolution.at(
              copies.of(convolution.x(), convolution.xBytes(), pass == Pass.DATA_GRADIENT),
              copies.of(
                  convolution.filter(), convolution.filterBytes(), pass == Pass.FILTER_GRADIENT),
              copies.of(convolution.y(), convolution.yBytes(), pass == Pass.FORWARD));
      steps.add(planner.convolution(aligned));
      steps.addAll(after);
      return steps;
    }
  }

  /** Copies of operands that are not aligned; views into an arena of parameters are. */
  private record Copies(Planner planner, List<Step> before, List<Step> after) {
    /** The address of an operand, or of its copy. */
    long of(long address, long bytes, boolean result) {
      if (address % ALIGNMENT == 0) {
        return address;
      }
      long copy = planner.scratch(bytes);
      if (result) {
        after.add(planner.copy(copy, address, bytes));
      } else {
        before.add(planner.copy(address, copy, bytes));
      }
      return copy;
    }
  }

  private static Step biasActivation(
      Planner planner,
      Activation activation,
      Tensor y,
      Tensor bias,
      @Nullable Tensor preactivation) {
    return ActivationPlans.forward(
        planner, activation, planner.address(y), bias, preactivation, Sizes.of(y));
  }

  private static Step activationBackward(
      Planner planner, Activation activation, Tensor kept, Tensor dy, Tensor dBias) {
    return ActivationPlans.backward(
        planner,
        activation,
        kept,
        new Target(planner.address(dy), planner.address(dBias)),
        Sizes.of(dy),
        MAX_CHUNKS);
  }
}
