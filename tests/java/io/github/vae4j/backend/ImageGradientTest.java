// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.backend.op.Activate;
import io.github.vae4j.backend.op.ActivateBackward;
import io.github.vae4j.backend.op.Attention;
import io.github.vae4j.backend.op.AttentionBackward;
import io.github.vae4j.backend.op.GroupNorm;
import io.github.vae4j.backend.op.GroupNormBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.PixelShuffle;
import io.github.vae4j.backend.op.Pool;
import io.github.vae4j.backend.op.PoolBackward;
import io.github.vae4j.backend.op.SwapAxes;
import io.github.vae4j.backend.op.Upsample;
import io.github.vae4j.backend.op.UpsampleBackward;
import io.github.vae4j.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gradients of the ops of images on the reference, other than convolutions, against central
 * differences of {@code c . y}, and that they are the transposed maps where the op is linear.
 */
final class ImageGradientTest {
  private static final float EPSILON = 0.01f;

  @AutoClose private final ReferenceTensors tensors = new ReferenceTensors(14);

  /** The dot product of c with y after a run. */
  private static DoubleSupplier loss(Program forward, Tensor c, Tensor y) {
    return () -> {
      forward.run();
      return GradientTest.dot(c, y);
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6})
  void groupNorm(int groups) {
    Tensor x = tensors.normal(2, 5, 6);
    Tensor scale = tensors.normal(6);
    Tensor shift = tensors.normal(6);
    Tensor y = tensors.zeros(x.shape());
    Tensor c = tensors.normal(x.shape());
    Tensor dx = tensors.zeros(x.shape());
    Tensor dScale = tensors.zeros(6);
    Tensor dShift = tensors.zeros(6);
    Tensor mean = tensors.zeros(2, groups);
    Tensor variance = tensors.zeros(2, groups);
    GroupNorm op = new GroupNorm(x, scale, shift, mean, variance, y, EPSILON);
    Program forward = tensors.compile(op);
    forward.run();
    tensors.compile(new GroupNormBackward(op, c, dx, dScale, dShift)).run();
    GradientTest.check("dx", x, dx, loss(forward, c, y));
    GradientTest.check("dScale", scale, dScale, loss(forward, c, y));
    GradientTest.check("dShift", shift, dShift, loss(forward, c, y));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6})
  void attention(int heads) {
    Tensor qkv = tensors.normal(2, 5, 18);
    Tensor lse = tensors.zeros(2, 5, heads);
    Tensor y = tensors.zeros(2, 5, 6);
    Tensor c = tensors.normal(y.shape());
    Tensor dqkv = tensors.zeros(qkv.shape());
    Attention op = new Attention(qkv, lse, y);
    Program forward = tensors.compile(op);
    forward.run();
    tensors.compile(new AttentionBackward(op, c, dqkv)).run();
    GradientTest.check("dqkv", qkv, dqkv, loss(forward, c, y));
  }

  static Stream<Window> windows() {
    return Stream.of(
        Window.square(2, 2, 0), Window.square(3, 1, 1), new Window(3, 4, 2, 3, 1, 2, 1, 1));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void averagePooling(Window window) {
    pooling(window, true);
  }

  @ParameterizedTest
  @MethodSource("windows")
  void maxPooling(Window window) {
    pooling(window, false);
  }

  /** Distinct multiples of 1/4: no step of a difference changes which value is the greatest. */
  private void pooling(Window window, boolean average) {
    Tensor x = tensors.zeros(2, 6, 5, 3);
    List<Integer> order = IntStream.range(0, (int) x.length()).boxed().collect(Collectors.toList());
    Collections.shuffle(order, tensors.random());
    float[] values = new float[order.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = order.get(i) / 4f - 20;
    }
    x.write(values);
    Tensor y = tensors.zeros(2, window.outputHeight(6), window.outputWidth(5), 3);
    Tensor c = tensors.normal(y.shape());
    Tensor dx = tensors.zeros(x.shape());
    Pool op = new Pool(x, y, window, average);
    Program forward = tensors.compile(op);
    forward.run();
    tensors.compile(new PoolBackward(op, c, dx)).run();
    GradientTest.check("dx", x, dx, loss(forward, c, y));
  }

  /** Of equal values the first gets all of the gradient, and so does the first NaN. */
  @Test
  void theFirstOfTheGreatest() {
    float nan = Float.NaN;
    Tensor x = tensors.zeros(1, 2, 6, 1);
    x.write(new float[] {1, 3, 2, 2, 5, nan, 3, 3, 2, 2, nan, 7});
    Tensor y = tensors.zeros(1, 1, 3, 1);
    Pool op = new Pool(x, y, Window.square(2, 2, 0), false);
    tensors.compile(op).run();
    assertArrayEquals(new float[] {3, 2, nan}, y.toFloats());
    Tensor dy = tensors.zeros(y.shape());
    dy.write(new float[] {10, 20, 30});
    Tensor dx = tensors.zeros(x.shape());
    tensors.compile(new PoolBackward(op, dy, dx)).run();
    assertArrayEquals(new float[] {0, 10, 20, 0, 0, 30, 0, 0, 0, 0, 0, 0}, dx.toFloats());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void upsampling(boolean bilinear) {
    for (int[] factors : new int[][] {{2, 2}, {1, 3}, {4, 1}}) {
      Tensor x = tensors.normal(2, 3, 2, 2);
      Tensor y = tensors.zeros(2, 3 * factors[0], 2 * factors[1], 2);
      Tensor c = tensors.normal(y.shape());
      Tensor dx = tensors.zeros(x.shape());
      Upsample op = new Upsample(x, y, bilinear);
      tensors.compile(new UpsampleBackward(op, c, dx)).run();
      GradientTest.check("dx", x, dx, loss(tensors.compile(op), c, y));
    }
  }

  /** The gradient of a change of order is the opposite change. */
  @Test
  void changesOfOrder() {
    Tensor x = tensors.normal(2, 3, 2, 12);
    Tensor y = tensors.zeros(2, 9, 4, 2);
    opposite(x, new PixelShuffle(x, y, false), y, c -> new PixelShuffle(c, x, true));
    opposite(y, new PixelShuffle(y, x, true), x, c -> new PixelShuffle(c, y, false));
    Tensor swapped = tensors.zeros(2, 2, 3, 12);
    opposite(x, new SwapAxes(x, swapped), swapped, c -> new SwapAxes(c, x));
  }

  /** Makes the op on dy that has the gradient of x as its result. */
  @FunctionalInterface
  private interface Opposite {
    Op of(Tensor dy);
  }

  private void opposite(Tensor x, Op op, Tensor y, Opposite back) {
    x.write(tensors.normals((int) x.length(), 0, 1));
    float[] values = x.toFloats();
    Tensor c = tensors.normal(y.shape());
    tensors.compile(back.of(c)).run();
    Tensor dx = tensors.zeros(x.shape());
    dx.write(x.toFloats());
    x.write(values);
    GradientTest.check("dx", x, dx, loss(tensors.compile(op), c, y));
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void activation(Activation activation) {
    Tensor x = tensors.zeros(2, 3, 4);
    // No step of a difference reaches the kink at 0.
    float[] values = tensors.normals(24, 0, 2);
    for (int i = 0; i < values.length; i++) {
      values[i] += values[i] < 0 ? -0.1f : 0.1f;
    }
    x.write(values);
    Tensor y = tensors.zeros(x.shape());
    Tensor c = tensors.normal(x.shape());
    Tensor dx = tensors.zeros(x.shape());
    Activate op = new Activate(x, y, activation);
    Program forward = tensors.compile(op);
    forward.run();
    tensors.compile(new ActivateBackward(op, c, dx)).run();
    GradientTest.check("dx", x, dx, loss(forward, c, y));
  }
}
