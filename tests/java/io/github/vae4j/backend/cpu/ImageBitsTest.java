// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.Window;
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
 * A convolution of an image has the same bits alone and at every place in every batch, for any
 * number of threads and on every instruction set's loops: the scores of images rely on it.
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

  @Test
  void anImageHasTheSameBitsInEveryBatch() throws IOException {
    for (String isa : Isa.names()) {
      try (Backend one = CpuBackend.open(1, Precision.FP32, isa);
          Backend three = CpuBackend.open(3, Precision.FP32, isa)) {
        for (Shape shape : SHAPES) {
          for (boolean transposed : new boolean[] {false, true}) {
            float[] alone = images(one, shape, transposed, 1);
            for (Backend backend : List.of(one, three)) {
              for (int batch : BATCHES) {
                float[] found = images(backend, shape, transposed, batch);
                for (int n = 0; n < batch; n++) {
                  assertArrayEquals(
                      alone,
                      Arrays.copyOfRange(found, n * alone.length, (n + 1) * alone.length),
                      shape
                          + (transposed ? " transposed" : "")
                          + ", image "
                          + n
                          + " of "
                          + batch
                          + ", "
                          + backend.description());
                }
              }
            }
          }
        }
      }
    }
  }

  /** The output of so many equal images. */
  private static float[] images(Backend backend, Shape shape, boolean transposed, int batch) {
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
      float[] image = normal(random, x.buffer().length() / batch);
      float[] images = new float[batch * image.length];
      for (int n = 0; n < batch; n++) {
        System.arraycopy(image, 0, images, n * image.length, image.length);
      }
      x.write(images);
      weight.write(normal(random, weight.buffer().length()));
      bias.write(normal(random, bias.buffer().length()));
      Op op =
          transposed
              ? new ConvTranspose(x, weight, bias, null, y, window, shape.groups(), Activation.TANH)
              : new Conv(x, weight, bias, null, y, window, shape.groups(), Activation.TANH);
      try (Program program = backend.compile(List.of(op))) {
        program.run();
      }
      return y.toFloats();
    }
  }

  private static float[] normal(Random random, long count) {
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
