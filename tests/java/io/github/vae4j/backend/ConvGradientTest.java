// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.op.Conv;
import io.github.vae4j.backend.op.ConvBackward;
import io.github.vae4j.backend.op.ConvTranspose;
import io.github.vae4j.backend.op.ConvTransposeBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradients of convolutions on the reference, against central differences of {@code c . y}, and
 * values against a convolution by hand.
 */
final class ConvGradientTest {
  @AutoClose private final ReferenceTensors tensors = new ReferenceTensors(13);

  /** A window, the number of groups and the activation. */
  private record Setting(Window window, int groups, Activation activation) {}

  static Stream<Setting> settings() {
    Window plain = Window.square(3, 1, 1);
    return Stream.of(
        new Setting(plain, 1, Activation.IDENTITY),
        new Setting(plain, 2, Activation.TANH),
        new Setting(Window.square(4, 2, 1), 1, Activation.SILU),
        new Setting(new Window(2, 3, 3, 1, 0, 2, 2, 1), 2, Activation.IDENTITY),
        new Setting(Window.square(1, 2, 0), 4, Activation.SIGMOID));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void convolution(Setting setting) {
    Window window = setting.window();
    Tensor x = tensors.normal(2, 6, 5, 4);
    int[] outputs = {2, window.outputHeight(6), window.outputWidth(5), 4};
    Tensor weight = weight(setting);
    Tensor bias = tensors.normal(4);
    Tensor y = tensors.zeros(outputs);
    Conv op =
        new Conv(
            x,
            weight,
            bias,
            preactivation(setting, outputs),
            y,
            window,
            setting.groups(),
            setting.activation());
    Gradients gradients = new Gradients(x, weight, bias, y, tensors.compile(op));
    gradients.check(
        tensors.compile(
            new ConvBackward(op, gradients.dy, gradients.dx, gradients.dWeight, gradients.dBias)));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void transposedConvolution(Setting setting) {
    Window window = setting.window();
    Tensor x = tensors.normal(2, window.outputHeight(6), window.outputWidth(5), 4);
    int[] outputs = {2, 6, 5, 4};
    Tensor weight = weight(setting);
    Tensor bias = tensors.normal(4);
    Tensor y = tensors.zeros(outputs);
    ConvTranspose op =
        new ConvTranspose(
            x,
            weight,
            bias,
            preactivation(setting, outputs),
            y,
            window,
            setting.groups(),
            setting.activation());
    Gradients gradients = new Gradients(x, weight, bias, y, tensors.compile(op));
    gradients.check(
        tensors.compile(
            new ConvTransposeBackward(
                op, gradients.dy, gradients.dx, gradients.dWeight, gradients.dBias)));
  }

  private Tensor weight(Setting setting) {
    Window window = setting.window();
    return tensors.normal(4, window.kernelHeight(), window.kernelWidth(), 4 / setting.groups());
  }

  private @Nullable Tensor preactivation(Setting setting, int[] dims) {
    return setting.activation().needsPreactivation() ? tensors.zeros(dims) : null;
  }

  private final class Gradients {
    private final Tensor x;
    private final Tensor weight;
    private final Tensor bias;
    private final Tensor y;
    private final Program forward;
    private final Tensor dy;
    private final Tensor dx;
    private final Tensor dWeight;
    private final Tensor dBias;

    Gradients(Tensor x, Tensor weight, Tensor bias, Tensor y, Program forward) {
      this.x = x;
      this.weight = weight;
      this.bias = bias;
      this.y = y;
      this.forward = forward;
      dy = tensors.normal(y.shape());
      dx = tensors.zeros(x.shape());
      dWeight = tensors.zeros(weight.shape());
      dBias = tensors.zeros(bias.shape());
    }

    void check(Program backward) {
      Tensor c = tensors.zeros(y.shape());
      c.write(dy.toFloats());
      forward.run();
      backward.run();
      DoubleSupplier loss =
          () -> {
            forward.run();
            return GradientTest.dot(c, y);
          };
      GradientTest.check("dx", x, dx, loss);
      GradientTest.check("dWeight", weight, dWeight, loss);
      GradientTest.check("dBias", bias, dBias, loss);
    }
  }

  /** A 3 x 3 image of numbers, a 2 x 2 kernel and two filters, by hand. */
  @Test
  void valuesByHand() {
    Tensor x = tensors.zeros(1, 3, 3, 1);
    x.write(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    Tensor weight = tensors.zeros(2, 2, 2, 1);
    weight.write(new float[] {1, 0, 0, -1, 0, 2, 1, 0});
    Tensor bias = tensors.zeros(2);
    bias.write(new float[] {10, 0});
    Tensor y = tensors.zeros(1, 2, 2, 2);
    Window window = Window.square(2, 1, 0);
    tensors.compile(new Conv(x, weight, bias, null, y, window, 1, Activation.IDENTITY)).run();
    // x[p, q] - x[p + 1, q + 1] + 10 is 6 everywhere; 2 x[p, q + 1] + x[p + 1, q].
    assertArrayEquals(new float[] {6, 8, 6, 11, 6, 17, 6, 20}, y.toFloats());
  }

  /** The transposed convolution is the adjoint of the convolution: (K x) . v = x . (K^T v). */
  @Test
  void transposedIsTheAdjoint() {
    Window window = new Window(3, 2, 2, 1, 1, 0, 1, 2);
    int[] small = {2, window.outputHeight(7), window.outputWidth(6), 6};
    Tensor x = tensors.normal(2, 7, 6, 4);
    Tensor v = tensors.normal(small);
    Tensor weight = tensors.normal(6, 3, 2, 2);
    Tensor y = tensors.zeros(small);
    Tensor back = tensors.zeros(x.shape());
    Activation linear = Activation.IDENTITY;
    tensors.compile(new Conv(x, weight, tensors.zeros(6), null, y, window, 2, linear)).run();
    tensors
        .compile(new ConvTranspose(v, weight, tensors.zeros(4), null, back, window, 2, linear))
        .run();
    double forward = GradientTest.dot(y, v);
    assertEquals(forward, GradientTest.dot(x, back), 1e-5 * (1 + Math.abs(forward)));
  }
}
