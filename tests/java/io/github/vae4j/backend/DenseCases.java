// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cases of {@link Dense} and {@link DenseBackward}. */
final class DenseCases {
  /** The size of a product of two numbers that are uniform in [-1, 1]. */
  private static final double TERM = 1 / 3.0;

  static final float[] EXTREMES = {
    -1e30f, -200, -88, -20, -5, -1, -1e-3f, -0f, 0, 1e-3f, 1, 5, 20, 88, 200, 1e30f
  };

  private static final int[][] SHAPES = {
    {1, 1, 1},
    {1, 784, 3},
    {3, 33, 5},
    {2, 3, 33},
    {17, 31, 65},
    {128, 20, 400},
    // Each of the product's sizes 1, and two of them: libraries have ways of their own for vectors.
    {5, 1, 7},
    {5, 7, 1},
    {9, 1, 1},
    {1, 9, 1},
    {1, 1, 9},
    // More than one block of rows and of columns, the last ones of few.
    {37, 5, 132}
  };

  private DenseCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      for (int[] shape : SHAPES) {
        cases.add(forward(shape[0], shape[1], shape[2], activation));
        cases.add(backward(shape[0], shape[1], shape[2], activation, true));
      }
      cases.add(forwardOf("extremes", EXTREMES, activation));
      cases.add(backwardOf("extremes", EXTREMES, activation));
      cases.add(forwardOf("NaN", new float[] {1, Float.NaN, -1}, activation));
      cases.add(backwardOf("NaN", new float[] {0.5f, Float.NaN, 0.25f}, activation));
    }
    for (Activation linear : List.of(Activation.IDENTITY, Activation.RELU, Activation.LEAKY_RELU)) {
      float[] infinite = {Float.POSITIVE_INFINITY, 1, Float.NEGATIVE_INFINITY};
      cases.add(forwardOf("infinite", infinite, linear));
    }
    cases.add(backward(17, 31, 65, Activation.TANH, false));
    cases.add(backward(1, 1, 1, Activation.GELU, false));
    cases.add(forward(128, 784, 400, Activation.RELU));
    cases.add(forward(128, 400, 784, Activation.IDENTITY));
    cases.add(backward(128, 784, 400, Activation.RELU, false));
    cases.add(backward(128, 400, 784, Activation.IDENTITY, true));
    return cases;
  }

  /** The layers of 784-400-20-400-784 at the batches that are measured. */
  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    for (int batch : new int[] {128, 1024}) {
      cases.add(forward(batch, 784, 400, Activation.RELU));
      cases.add(forward(batch, 400, 40, Activation.IDENTITY));
      cases.add(forward(batch, 20, 400, Activation.RELU));
      cases.add(forward(batch, 400, 784, Activation.IDENTITY));
      cases.add(backward(batch, 400, 784, Activation.IDENTITY, true));
      cases.add(backward(batch, 20, 400, Activation.RELU, true));
      cases.add(backward(batch, 400, 40, Activation.IDENTITY, true));
      cases.add(backward(batch, 784, 400, Activation.RELU, false));
    }
    return cases;
  }

  private static OpCase forward(int batch, int inputs, int outputs, Activation activation) {
    String name = "dense " + batch + "x" + inputs + "x" + outputs + " " + activation.id();
    return new OpCase(
        name,
        2L * batch * inputs * outputs,
        operands ->
            dense(
                operands,
                operands.uniform(batch * inputs, -1, 1),
                operands.uniform(inputs * outputs, -1, 1),
                operands.uniform(outputs, -1, 1),
                batch,
                activation,
                Bound.products(inputs + 1, TERM)));
  }

  /** One input and weights of 1, so that the preactivations are the values. */
  private static OpCase forwardOf(String label, float[] values, Activation activation) {
    return new OpCase(
        "dense " + label + " " + activation.id(),
        values.length,
        operands ->
            dense(
                operands,
                values,
                new float[] {1},
                new float[] {0},
                values.length,
                activation,
                (index, want, tolerance) ->
                    Bound.element(1).allowed(index, want, tolerance)
                        + 4 * tolerance.product() * Math.abs(want)));
  }

  private static Op dense(
      Operands operands,
      float[] x,
      float[] weight,
      float[] bias,
      int batch,
      Activation activation,
      Bound bound) {
    int inputs = x.length / batch;
    int outputs = bias.length;
    int[] shape = Operands.matrix(batch, outputs);
    Tensor xs = operands.in("x", x, Operands.matrix(batch, inputs));
    Tensor weights = operands.in("weight", weight, inputs, outputs);
    Tensor biases = operands.in("bias", bias);
    @Nullable Tensor preactivation =
        activation.needsPreactivation() ? operands.out("preactivation", bound, shape) : null;
    Bound activated = activation == Activation.RELU ? Bound.relu(bound) : bound;
    Tensor y = operands.out("y", activated, shape);
    return new Dense(xs, weights, biases, preactivation, y, activation);
  }

  static OpCase backward(
      int batch, int inputs, int outputs, Activation activation, boolean needsDx) {
    String shape = batch + "x" + inputs + "x" + outputs + " " + activation.id();
    return new OpCase(
        "denseBackward " + shape + (needsDx ? "" : " no dx"),
        (needsDx ? 4L : 2L) * batch * inputs * outputs,
        operands ->
            denseBackward(
                operands,
                operands.uniform(batch * inputs, -1, 1),
                operands.uniform(inputs * outputs, -1, 1),
                kept(activation, operands.uniform(batch * outputs, -3, 3)),
                operands.uniform(batch * outputs, -1, 1),
                batch,
                activation,
                needsDx,
                Bound.element(1)));
  }

  /** One output and one input, so that dy becomes the derivative alone. */
  private static OpCase backwardOf(String label, float[] values, Activation activation) {
    return new OpCase(
        "denseBackward " + label + " " + activation.id(),
        values.length,
        operands -> {
          float[] ones = new float[values.length];
          Arrays.fill(ones, 1);
          return denseBackward(
              operands,
              operands.uniform(values.length, -1, 1),
              new float[] {1},
              kept(activation, values),
              ones,
              values.length,
              activation,
              true,
              Bound.element(1));
        });
  }

  private static Op denseBackward(
      Operands operands,
      float[] x,
      float[] weight,
      float[] kept,
      float[] dy,
      int batch,
      Activation activation,
      boolean needsDx,
      Bound element) {
    int inputs = x.length / batch;
    int outputs = kept.length / batch;
    int[] shape = Operands.matrix(batch, outputs);
    Tensor xs = operands.in("x", x, Operands.matrix(batch, inputs));
    Tensor weights = operands.in("weight", weight, inputs, outputs);
    Tensor bias = operands.unused("bias", outputs);
    boolean keepsV = activation.needsPreactivation();
    @Nullable Tensor preactivation = keepsV ? operands.in("preactivation", kept, shape) : null;
    Tensor y = keepsV ? operands.unused("y", shape) : operands.in("y", kept, shape);
    Tensor dys = operands.inOut("dy", dy, element, shape);
    @Nullable Tensor dx =
        needsDx
            ? operands.out("dx", Bound.products(outputs, TERM), Operands.matrix(batch, inputs))
            : null;
    return new DenseBackward(
        new Dense(xs, weights, bias, preactivation, y, activation),
        dys,
        dx,
        operands.out("dWeight", Bound.products(batch, TERM), inputs, outputs),
        operands.out("dBias", Bound.biasGradient(batch, 1), outputs));
  }

  /** The tensor that the forward op keeps for preactivations. */
  static float[] kept(Activation activation, float[] v) {
    float[] kept = v.clone();
    if (!activation.needsPreactivation()) {
      for (int i = 0; i < kept.length; i++) {
        kept[i] = (float) activation.apply(v[i]);
      }
    }
    return kept;
  }
}
