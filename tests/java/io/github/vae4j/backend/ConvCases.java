// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Conv;
import io.github.vae4j.backend.op.ConvBackward;
import io.github.vae4j.backend.op.ConvTranspose;
import io.github.vae4j.backend.op.ConvTransposeBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cases of {@link Conv}, {@link ConvTranspose} and their gradients. A shape gives the large image
 * of a convolution and the channels of the small one; the transposed convolution is from the small
 * to the large one.
 */
final class ConvCases {
  /** The size of a product of two numbers that are uniform in [-1, 1]. */
  private static final double TERM = 1 / 3.0;

  private static final List<Shape> SHAPES =
      List.of(
          shape("pixel", 1, 1, 1, 1, 1, Window.square(1, 1, 0), 1),
          shape("1x1", 2, 3, 4, 5, 7, Window.square(1, 1, 0), 1),
          shape("3x3", 2, 6, 5, 3, 4, Window.square(3, 1, 1), 1),
          shape("3x5", 1, 7, 9, 2, 3, new Window(3, 5, 1, 1, 1, 2, 1, 1), 1),
          shape("4x4s2", 2, 8, 8, 3, 5, Window.square(4, 2, 1), 1),
          // The last row and column of the image are in no window.
          shape("3x3s3", 1, 8, 10, 3, 2, Window.square(3, 3, 0), 1),
          shape("2x2s3", 1, 7, 7, 2, 2, Window.square(2, 3, 1), 1),
          shape("dilated", 1, 9, 8, 2, 3, new Window(3, 2, 1, 2, 2, 1, 2, 3), 1),
          shape("groups", 2, 5, 4, 4, 6, Window.square(3, 1, 1), 2),
          shape("depthwise", 1, 4, 5, 6, 6, Window.square(3, 1, 1), 6),
          shape("series", 3, 1, 17, 2, 3, new Window(1, 5, 1, 2, 0, 2, 1, 1), 1),
          shape("whole", 3, 4, 4, 5, 9, Window.square(4, 1, 0), 1),
          shape("more padding than kernel", 1, 2, 3, 2, 2, Window.square(2, 1, 3), 1));

  /** Shapes whose channels are not a multiple of a vector's length, and more than one block. */
  private static final List<Shape> WIDE =
      List.of(
          shape("4x4s2 tail", 3, 12, 12, 17, 35, Window.square(4, 2, 1), 1),
          shape("3x3 tail", 2, 9, 9, 33, 18, Window.square(3, 1, 1), 1),
          shape("4x4s2 of 32", 5, 16, 16, 32, 32, Window.square(4, 2, 1), 1));

  private ConvCases() {}

  private record Shape(
      String name,
      int images,
      int height,
      int width,
      int large,
      int small,
      Window window,
      int groups) {
    int smallHeight() {
      return window.outputHeight(height);
    }

    int smallWidth() {
      return window.outputWidth(width);
    }

    int[] largeDims() {
      return new int[] {images, height, width, large};
    }

    int[] smallDims() {
      return new int[] {images, smallHeight(), smallWidth(), small};
    }

    int[] weightDims() {
      return new int[] {small, window.kernelHeight(), window.kernelWidth(), large / groups};
    }

    int taps() {
      return window.kernelHeight() * window.kernelWidth();
    }

    /** The most products that an element of the small image sums. */
    int smallTerms() {
      return taps() * large / groups;
    }

    int largeTerms() {
      return taps() * small / groups;
    }

    int weightTerms() {
      return images * smallHeight() * smallWidth();
    }

    long work() {
      return 2L * weightTerms() * small * smallTerms();
    }
  }

  private static Shape shape(
      String name,
      int images,
      int height,
      int width,
      int large,
      int small,
      Window window,
      int groups) {
    return new Shape(name, images, height, width, large, small, window, groups);
  }

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (Shape shape : SHAPES) {
      addAll(cases, shape, Activation.IDENTITY);
    }
    for (Activation activation : Activation.values()) {
      addAll(cases, shape("small", 2, 5, 5, 2, 3, Window.square(3, 2, 1), 1), activation);
    }
    for (Shape shape : WIDE) {
      addAll(cases, shape, Activation.RELU);
    }
    Shape shape = SHAPES.get(4);
    cases.add(backward(shape, Activation.RELU, false));
    cases.add(transposedBackward(shape, Activation.RELU, false));
    return cases;
  }

  private static void addAll(List<OpCase> cases, Shape shape, Activation activation) {
    cases.add(forward(shape, activation));
    cases.add(backward(shape, activation, true));
    cases.add(transposed(shape, activation));
    cases.add(transposedBackward(shape, activation, true));
  }

  /** The layers of the net conv64 at batch 64: 3 x 64 x 64 images, 4 x 4 kernels of stride 2. */
  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    Window window = Window.square(4, 2, 1);
    int[] channels = {3, 32, 32, 64, 64};
    for (int i = 0; i < 4; i++) {
      int size = 64 >> i;
      Shape shape = shape("conv64", 64, size, size, channels[i], channels[i + 1], window, 1);
      Activation last = i == 0 ? Activation.IDENTITY : Activation.RELU;
      cases.add(forward(shape, Activation.RELU));
      cases.add(backward(shape, Activation.RELU, i > 0));
      cases.add(transposed(shape, last));
      cases.add(transposedBackward(shape, last, true));
    }
    return cases;
  }

  private static String name(String op, Shape shape, Activation activation) {
    return op
        + " "
        + shape.name()
        + " "
        + shape.images()
        + "x"
        + shape.height()
        + "x"
        + shape.width()
        + " "
        + shape.large()
        + ":"
        + shape.small()
        + " "
        + activation.id();
  }

  private static OpCase forward(Shape shape, Activation activation) {
    return new OpCase(
        name("conv", shape, activation),
        shape.work(),
        operands -> {
          Outputs outputs =
              outputs(operands, activation, shape.smallTerms() + 1, shape.smallDims());
          return new Conv(
              uniform(operands, "x", shape.largeDims()),
              uniform(operands, "weight", shape.weightDims()),
              uniform(operands, "bias", shape.small()),
              outputs.preactivation(),
              outputs.y(),
              shape.window(),
              shape.groups(),
              activation);
        });
  }

  private static OpCase transposed(Shape shape, Activation activation) {
    return new OpCase(
        name("convTranspose", shape, activation),
        shape.work(),
        operands -> {
          Outputs outputs =
              outputs(operands, activation, shape.largeTerms() + 1, shape.largeDims());
          return new ConvTranspose(
              uniform(operands, "x", shape.smallDims()),
              uniform(operands, "weight", shape.weightDims()),
              uniform(operands, "bias", shape.large()),
              outputs.preactivation(),
              outputs.y(),
              shape.window(),
              shape.groups(),
              activation);
        });
  }

  private static OpCase backward(Shape shape, Activation activation, boolean needsDx) {
    return new OpCase(
        name("convBackward", shape, activation) + (needsDx ? "" : " no dx"),
        (needsDx ? 2 : 1) * shape.work(),
        operands -> {
          Outputs kept = kept(operands, activation, shape.smallDims());
          Conv forward =
              new Conv(
                  uniform(operands, "x", shape.largeDims()),
                  uniform(operands, "weight", shape.weightDims()),
                  operands.unused("bias", shape.small()),
                  kept.preactivation(),
                  kept.y(),
                  shape.window(),
                  shape.groups(),
                  activation);
          return new ConvBackward(
              forward,
              dy(operands, shape.smallDims()),
              needsDx ? dx(operands, shape.largeTerms(), shape.largeDims()) : null,
              operands.out(
                  "dWeight", Bound.products(shape.weightTerms(), TERM), shape.weightDims()),
              operands.out("dBias", Bound.biasGradient(shape.weightTerms(), 1), shape.small()));
        });
  }

  private static OpCase transposedBackward(Shape shape, Activation activation, boolean needsDx) {
    return new OpCase(
        name("convTransposeBackward", shape, activation) + (needsDx ? "" : " no dx"),
        (needsDx ? 2 : 1) * shape.work(),
        operands -> {
          Outputs kept = kept(operands, activation, shape.largeDims());
          ConvTranspose forward =
              new ConvTranspose(
                  uniform(operands, "x", shape.smallDims()),
                  uniform(operands, "weight", shape.weightDims()),
                  operands.unused("bias", shape.large()),
                  kept.preactivation(),
                  kept.y(),
                  shape.window(),
                  shape.groups(),
                  activation);
          int pixels = shape.images() * shape.height() * shape.width();
          return new ConvTransposeBackward(
              forward,
              dy(operands, shape.largeDims()),
              needsDx ? dx(operands, shape.smallTerms(), shape.smallDims()) : null,
              operands.out(
                  "dWeight", Bound.products(shape.weightTerms(), TERM), shape.weightDims()),
              operands.out("dBias", Bound.biasGradient(pixels, 1), shape.large()));
        });
  }

  private static Tensor uniform(Operands operands, String name, int... dims) {
    return operands.in(name, operands.uniform((int) Tensor.elements(dims), -1, 1), dims);
  }

  private static Tensor dy(Operands operands, int[] dims) {
    float[] values = operands.uniform((int) Tensor.elements(dims), -1, 1);
    return operands.inOut("dy", values, Bound.element(1), dims);
  }

  private static Tensor dx(Operands operands, int terms, int[] dims) {
    return operands.out("dx", Bound.products(terms, TERM), dims);
  }

  /** The tensors that a layer writes, of which its gradient reads one. */
  private record Outputs(@Nullable Tensor preactivation, Tensor y) {}

  private static Outputs outputs(Operands operands, Activation activation, int terms, int[] dims) {
    Bound bound = Bound.products(terms, TERM);
    return new Outputs(
        activation.needsPreactivation() ? operands.out("preactivation", bound, dims) : null,
        operands.out("y", activation == Activation.RELU ? Bound.relu(bound) : bound, dims));
  }

  private static Outputs kept(Operands operands, Activation activation, int[] dims) {
    float[] v = operands.uniform((int) Tensor.elements(dims), -3, 3);
    float[] kept = DenseCases.kept(activation, v);
    return activation.needsPreactivation()
        ? new Outputs(operands.in("preactivation", kept, dims), operands.unused("y", dims))
        : new Outputs(null, operands.in("y", kept, dims));
  }
}
