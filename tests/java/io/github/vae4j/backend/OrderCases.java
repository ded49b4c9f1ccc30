// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Activate;
import io.github.vae4j.backend.op.ActivateBackward;
import io.github.vae4j.backend.op.PixelShuffle;
import io.github.vae4j.backend.op.SwapAxes;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cases of ops on single values: those that change their order, {@link PixelShuffle} and {@link
 * SwapAxes}, and {@link Activate} with its gradient.
 */
final class OrderCases {
  /** Images, height, width and channels of the larger image, rows and columns of a block. */
  private static final int[][] SHUFFLES = {
    {1, 1, 1, 1, 1, 1},
    {2, 3, 4, 5, 1, 1},
    {2, 6, 8, 3, 2, 2},
    {1, 9, 8, 1, 3, 4},
    {3, 1, 20, 2, 1, 4},
    {1, 4, 6, 17, 4, 1},
    {2, 8, 8, 33, 2, 2},
    {1, 2, 2, 5, 2, 2}
  };

  private static final int[][] SWAPS = {
    {1, 1, 1, 1},
    {2, 5, 3, 1},
    {1, 1, 9, 4},
    {3, 7, 1, 2},
    {2, 64, 3, 1},
    {1, 33, 65, 1},
    {2, 17, 19, 3},
    {3, 32, 16, 32},
    {1, 2, 2, 70},
    {5, 49, 12, 1}
  };

  private static final int[][] VALUES = {{1, 1}, {3, 7}, {2, 33}, {17, 65}};

  private OrderCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int[] shape : SHUFFLES) {
      cases.add(shuffle(shape, false));
      cases.add(shuffle(shape, true));
    }
    for (int[] shape : SWAPS) {
      cases.add(swap(shape));
    }
    for (Activation activation : Activation.values()) {
      for (int[] shape : VALUES) {
        addActivations(cases, shape, activation);
      }
      cases.add(activateOf("extremes", DenseCases.EXTREMES, activation));
      cases.add(activateBackwardOf("extremes", DenseCases.EXTREMES, activation));
      cases.add(activateOf("NaN", new float[] {1, Float.NaN, -1}, activation));
      cases.add(activateBackwardOf("NaN", new float[] {0.5f, Float.NaN, 0.25f}, activation));
    }
    return cases;
  }

  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    cases.add(shuffle(new int[] {64, 32, 32, 32, 2, 2}, false));
    cases.add(shuffle(new int[] {64, 32, 32, 32, 2, 2}, true));
    cases.add(swap(new int[] {64, 4096, 3, 1}));
    cases.add(swap(new int[] {64, 3, 4096, 1}));
    cases.add(swap(new int[] {64, 64, 64, 4}));
    addActivations(cases, new int[] {64 * 1024, 32}, Activation.SILU);
    addActivations(cases, new int[] {64 * 1024, 32}, Activation.RELU);
    return cases;
  }

  private static String text(int... shape) {
    StringBuilder text = new StringBuilder();
    for (int size : shape) {
      text.append(text.isEmpty() ? "" : "x").append(size);
    }
    return text.toString();
  }

  private static Tensor given(Operands operands, String name, int... dims) {
    return operands.in(name, operands.normal((int) Tensor.elements(dims)), dims);
  }

  private static OpCase shuffle(int[] shape, boolean inverse) {
    int[] image = Arrays.copyOf(shape, 4);
    int[] packed = {
      shape[0], shape[1] / shape[4], shape[2] / shape[5], shape[3] * shape[4] * shape[5]
    };
    return new OpCase(
        "pixelShuffle "
            + text(image)
            + " by "
            + text(shape[4], shape[5])
            + (inverse ? " back" : ""),
        Tensor.elements(image),
        operands ->
            new PixelShuffle(
                given(operands, "x", inverse ? image : packed),
                operands.out("y", Bound.exact(), inverse ? packed : image),
                inverse));
  }

  private static OpCase swap(int[] shape) {
    return new OpCase(
        "swapAxes " + text(shape),
        Tensor.elements(shape),
        operands ->
            new SwapAxes(
                given(operands, "x", shape),
                operands.out("y", Bound.exact(), shape[0], shape[2], shape[1], shape[3])));
  }

  private static void addActivations(List<OpCase> cases, int[] shape, Activation activation) {
    int count = shape[0] * shape[1];
    int[] dims = Operands.matrix(shape[0], shape[1]);
    String name = text(shape) + " " + activation.id();
    cases.add(
        new OpCase(
            "activate " + name,
            10L * count,
            operands -> activate(operands, operands.uniform(count, -3, 3), activation, dims)));
    cases.add(
        new OpCase(
            "activateBackward " + name,
            10L * count,
            operands ->
                activateBackward(
                    operands,
                    operands.uniform(count, -3, 3),
                    operands.uniform(count, -1, 1),
                    activation,
                    dims)));
  }

  private static OpCase activateOf(String label, float[] values, Activation activation) {
    return new OpCase(
        "activate " + label + " " + activation.id(),
        values.length,
        operands -> activate(operands, values, activation, values.length, 1));
  }

  private static OpCase activateBackwardOf(String label, float[] values, Activation activation) {
    float[] ones = new float[values.length];
    Arrays.fill(ones, 1);
    return new OpCase(
        "activateBackward " + label + " " + activation.id(),
        values.length,
        operands -> activateBackward(operands, values, ones, activation, values.length, 1));
  }

  private static Activate activate(
      Operands operands, float[] values, Activation activation, int... dims) {
    return new Activate(
        operands.in("x", values, dims), operands.out("y", Bound.element(1), dims), activation);
  }

  private static ActivateBackward activateBackward(
      Operands operands, float[] values, float[] dy, Activation activation, int... dims) {
    float[] kept = DenseCases.kept(activation, values);
    Tensor in = operands.in("kept", kept, dims);
    Tensor unused = operands.unused("unused", dims);
    boolean keepsX = activation.needsPreactivation();
    Activate forward = new Activate(keepsX ? in : unused, keepsX ? unused : in, activation);
    return new ActivateBackward(
        forward, operands.in("dy", dy, dims), operands.out("dx", Bound.element(1), dims));
  }
}
