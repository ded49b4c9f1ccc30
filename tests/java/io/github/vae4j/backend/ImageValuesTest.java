// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.backend.op.GroupNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.PixelShuffle;
import io.github.vae4j.backend.op.Pool;
import io.github.vae4j.backend.op.SwapAxes;
import io.github.vae4j.backend.op.Upsample;
import io.github.vae4j.tensor.Tensor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * The ops of images on the reference against values that numpy 2.4.6 computed from the definitions
 * in PyTorch's documentation, on channels first. The numpy expression stands above the values; x is
 * {@code (arange(n) * 7919 % 101 - 50) / 16}, whose values are exact.
 */
final class ImageValuesTest {
  @AutoClose private final ReferenceTensors tensors = new ReferenceTensors(15);

  private Tensor x(int... dims) {
    float[] values = new float[(int) Tensor.elements(dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919 % 101 - 50) / 16f;
    }
    return tensor(values, dims);
  }

  private Tensor tensor(float[] values, int... dims) {
    Tensor tensor = tensors.zeros(dims);
    tensor.write(values);
    return tensor;
  }

  private void expect(float[] values, Tensor y, Op op) {
    tensors.compile(op).run();
    assertArrayEquals(values, y.toFloats(), 1e-5f);
  }

  /**
   * {@code g = x.reshape(2, 3, 4).transpose(0, 2, 1).reshape(2, 2, -1)}, {@code g.mean(-1)}, {@code
   * g.var(-1)}, and {@code (g - mean) / sqrt(var + 0.25)} as (2, 4, 3), times scale, plus shift,
   * transposed back.
   */
  @Test
  void groupNorm() {
    Tensor scale = tensor(new float[] {1, 2, -1, 0.5f}, 4);
    Tensor shift = tensor(new float[] {0, 1, 0, -1}, 4);
    Tensor mean = tensors.zeros(2, 2);
    Tensor variance = tensors.zeros(2, 2);
    Tensor y = tensors.zeros(2, 3, 4);
    expect(
        new float[] {
          -1.20633f, 1.58489f, -1.14814f, -1.42916f, 1.09666f, -1.19333f, 0.122616f, -0.375771f,
          -0.292444f, 3.41266f, 1.39337f, -1.01115f, 1.14814f, -0.71663f, -0.580678f, -1.70511f,
          -0.122616f, 3.49692f, 0.680223f, -0.659889f, -1.39337f, 0.955412f, -1.41022f, -1.29034f
        },
        y,
        new GroupNorm(x(2, 3, 4), scale, shift, mean, variance, y, 0.25f));
    float[] means = {-1.0625f, -0.145833f, 0.229167f, 0.09375f};
    assertArrayEquals(means, mean.toFloats(), 1e-5f);
    float[] variances = {2.67318f, 3.24306f, 3.24306f, 3.29785f};
    assertArrayEquals(variances, variance.toFloats(), 1e-5f);
  }

  /**
   * {@code p = pad(x.reshape(4, 5), 1)}, {@code p[i:i+3, j:j+3].mean()} for i in 0, 2, j in 0, 2,
   * 4.
   */
  @Test
  void averageCountsThePadding() {
    Tensor y = tensors.zeros(1, 2, 3, 1);
    expect(
        new float[] {-0.777778f, -0.00694444f, -0.166667f, -0.979167f, 0.270833f, -0.0625f},
        y,
        new Pool(x(1, 4, 5, 1), y, Window.square(3, 2, 1), true));
  }

  /** The same of {@code pad(x, 1, constant_values=-inf)} and {@code max()}. */
  @Test
  void maximumLeavesThePaddingOut() {
    Tensor y = tensors.zeros(1, 2, 3, 1);
    expect(
        new float[] {-0.375f, 2.1875f, 1, 0, 2.5625f, 1.375f},
        y,
        new Pool(x(1, 4, 5, 1), y, Window.square(3, 2, 1), false));
  }

  /** {@code repeat(repeat(x.reshape(2, 3), 2, 0), 3, 1)}. */
  @Test
  void nearest() {
    Tensor y = tensors.zeros(1, 4, 9, 1);
    expect(
        new float[] {
          -3.125f, -3.125f, -3.125f, -0.5625f, -0.5625f, -0.5625f, 2, 2, 2, -3.125f, -3.125f,
          -3.125f, -0.5625f, -0.5625f, -0.5625f, 2, 2, 2, -1.75f, -1.75f, -1.75f, 0.8125f, 0.8125f,
          0.8125f, -2.9375f, -2.9375f, -2.9375f, -1.75f, -1.75f, -1.75f, 0.8125f, 0.8125f, 0.8125f,
          -2.9375f, -2.9375f, -2.9375f
        },
        y,
        new Upsample(x(1, 2, 3, 1), y, false));
  }

  /**
   * {@code A @ x.reshape(2, 3) @ B.T}, with hat functions around the centres of the pixels: {@code
   * A[i, j] = max(0, 1 - abs(clip((i + 0.5) / 2, 0.5, 1.5) - (j + 0.5)))}, and B so for 3 pixels
   * and the factor 3.
   */
  @Test
  void bilinear() {
    Tensor y = tensors.zeros(1, 4, 9, 1);
    expect(
        new float[] {
          -3.125f,
          -3.125f,
          -2.27083f,
          -1.41667f,
          -0.5625f,
          0.291667f,
          1.14583f,
          2,
          2,
          -2.78125f,
          -2.78125f,
          -1.92708f,
          -1.07292f,
          -0.21875f,
          0.109375f,
          0.4375f,
          0.765625f,
          0.765625f,
          -2.09375f,
          -2.09375f,
          -1.23958f,
          -0.385417f,
          0.46875f,
          -0.255208f,
          -0.979167f,
          -1.70312f,
          -1.70312f,
          -1.75f,
          -1.75f,
          -0.895833f,
          -0.0416667f,
          0.8125f,
          -0.4375f,
          -1.6875f,
          -2.9375f,
          -2.9375f
        },
        y,
        new Upsample(x(1, 2, 3, 1), y, true));
  }

  /**
   * {@code x = arange(16).reshape(1, 1, 2, 8).transpose(0, 3, 1, 2)}, {@code x.reshape(1, 2, 2, 2,
   * 1, 2).transpose(0, 1, 4, 2, 5, 3).reshape(1, 2, 2, 4)}, transposed back.
   */
  @Test
  void pixelShuffle() {
    float[] numbers = new float[16];
    for (int i = 0; i < 16; i++) {
      numbers[i] = i;
    }
    Tensor x = tensor(numbers, 1, 1, 2, 8);
    Tensor y = tensors.zeros(1, 2, 4, 2);
    float[] shuffled = {0, 4, 1, 5, 8, 12, 9, 13, 2, 6, 3, 7, 10, 14, 11, 15};
    expect(shuffled, y, new PixelShuffle(x, y, false));
    Tensor back = tensors.zeros(1, 1, 2, 8);
    expect(numbers, back, new PixelShuffle(y, back, true));
  }

  /** {@code arange(6).reshape(1, 2, 3, 1).swapaxes(1, 2)}. */
  @Test
  void swapAxes() {
    Tensor y = tensors.zeros(1, 3, 2, 1);
    Tensor x = tensor(new float[] {0, 1, 2, 3, 4, 5}, 1, 2, 3, 1);
    expect(new float[] {0, 3, 1, 4, 2, 5}, y, new SwapAxes(x, y));
  }
}
