// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.Window;
import io.github.vae4j.backend.op.Attention;
import io.github.vae4j.backend.op.AttentionBackward;
import io.github.vae4j.backend.op.Conv;
import io.github.vae4j.backend.op.ConvTranspose;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A convolution or an attention of an image has the same bits alone and at every place in every
 * batch, for any number of threads and on every instruction set's loops: the scores of images rely
 * on it.
 */
final class ImageBitsTest {
  private static final int[] BATCHES = {1, 2, 3, 17};

  private static final Window HALVING = Window.square(4, 2, 1);

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(3, 32, 10, HALVING, 1),
          new Shape(32, 3, 8, HALVING, 1),
          new Shape(17, 35, 7, HALVING, 1),
          new Shape(1, 1, 64, HALVING, 1),
          new Shape(12, 20, 9, HALVING, 4),
          new Shape(18, 18, 7, Window.square(3, 1, 1), 18),
          new Shape(5, 33, 11, new Window(3, 2, 1, 2, 2, 1, 2, 3), 1),
          new Shape(6, 34, 11, new Window(3, 3, 2, 1, 2, 1, 2, 3), 2));

  /**
   * A convolution, or a transposed one from the smaller image to the larger.
   *
   * @param large channels of the larger image
   * @param small channels of the smaller one
   * @param size of the larger image, in rows and columns
   */
  private record Shape(int large, int small, int size, Window window, int groups) {}

  /** Pixels, channels and heads. */
  private static final int[][] HEADS = {{70, 6, 2}, {9, 40, 1}, {130, 8, 1}};

  /** The output of so many equal images. */
  @FunctionalInterface
  private interface Images {
    float[] of(Backend backend, int batch);
  }

  @Test
  void aConvolvedImageHasTheSameBitsInEveryBatch() throws IOException {
    for (Shape shape : SHAPES) {
      for (boolean transposed : new boolean[] {false, true}) {
        compare(
            shape + (transposed ? " transposed" : ""),
            (backend, batch) -> convolved(backend, shape, transposed, batch));
      }
    }
  }

  @Test
  void anAttendedImageHasTheSameBitsInEveryBatch() throws IOException {
    for (int[] shape : HEADS) {
      for (boolean gradient : new boolean[] {false, true}) {
        compare(
            Arrays.toString(shape) + (gradient ? " gradient" : ""),
            (backend, batch) -> attended(backend, shape, gradient, batch));
      }
    }
  }

  private static void compare(String name, Images images) throws IOException {
    for (String isa : Isa.names()) {
      try (Backend one = CpuBackend.open(1, Precision.FP32, isa);
          Backend three = CpuBackend.open(3, Precision.FP32, isa)) {
        float[] alone = images.of(one, 1);
        for (Backend backend : List.of(one, three)) {
          for (int batch : BATCHES) {
            float[] found = images.of(backend, batch);
            for (int n = 0; n < batch; n++) {
              assertArrayEquals(
                  alone,
                  Arrays.copyOfRange(found, n * alone.length, (n + 1) * alone.length),
                  name + ", image " + n + " of " + batch + ", " + backend.description());
            }
          }
        }
      }
    }
  }

  private static float[] convolved(Backend backend, Shape shape, boolean transposed, int batch) {
    Random random = new Random(7);
    Window window = shape.window();
    int size = shape.size();
    try (Arena arena = new Arena()) {
      Tensor larger = backend.tensor(arena, batch, size, size, shape.large());
      Tensor smaller =
          backend.tensor(
              arena, batch, window.outputHeight(size), window.outputWidth(size), shape.small());
      Tensor weight =
          backend.tensor(
              arena,
              shape.small(),
              window.kernelHeight(),
              window.kernelWidth(),
              shape.large() / shape.groups());
      Tensor bias = backend.tensor(arena, transposed ? shape.large() : shape.small());
      Tensor x = transposed ? smaller : larger;
      Tensor y = transposed ? larger : smaller;
      equalImages(random, x);
      weight.write(normal(random, weight.buffer().length()));
      bias.write(normal(random, bias.buffer().length()));
      Op op =
          transposed
              ? new ConvTranspose(x, weight, bias, null, y, window, shape.groups(), Activation.TANH)
              : new Conv(x, weight, bias, null, y, window, shape.groups(), Activation.TANH);
      run(backend, op);
      return y.toFloats();
    }
  }

  private static float[] attended(Backend backend, int[] shape, boolean gradient, int batch) {
    Random random = new Random(8);
    try (Arena arena = new Arena()) {
      Tensor qkv = backend.tensor(arena, batch, shape[0], 3 * shape[1]);
      Tensor lse = backend.tensor(arena, batch, shape[0], shape[2]);
      Tensor y = backend.tensor(arena, batch, shape[0], shape[1]);
      equalImages(random, qkv);
      Attention op = new Attention(qkv, lse, y);
      run(backend, op);
      if (!gradient) {
        return y.toFloats();
      }
      Tensor dy = backend.tensor(arena, y.shape());
      Tensor dqkv = backend.tensor(arena, qkv.shape());
      equalImages(random, dy);
      run(backend, new AttentionBackward(op, dy, dqkv));
      return dqkv.toFloats();
    }
  }

  private static void run(Backend backend, Op op) {
    try (Program program = backend.compile(List.of(op))) {
      program.run();
    }
  }

  /** Fills a tensor of images with one image. */
  private static void equalImages(Random random, Tensor x) {
    float[] image = normal(random, x.length() / x.dim(0));
    float[] images = new float[x.dim(0) * image.length];
    for (int n = 0; n < x.dim(0); n++) {
      System.arraycopy(image, 0, images, n * image.length, image.length);
    }
    x.write(images);
  }

  private static float[] normal(Random random, long count) {
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
