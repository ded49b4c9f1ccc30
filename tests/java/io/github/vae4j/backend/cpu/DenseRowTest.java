// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A row has the same bits alone, where the product is our loop, and in a batch, where it is
 * oneDNN's: the scores of rows rely on it.
 */
final class DenseRowTest {
  private static final int[] BATCHES = {2, 3, 64};

  /** Inputs and outputs, around the widths of vectors and tiles and the blocks of oneDNN's sums. */
  private static final int[][] SHAPES = {
    {784, 400},
    {400, 40},
    {20, 400},
    {1, 16},
    {2, 15},
    {7, 5},
    {33, 17},
    {5, 401},
    {512, 31},
    {513, 33},
    {1023, 48},
    {1025, 65},
    {1536, 50},
    {2100, 24}
  };

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aRowHasTheSameBitsInABatch(int threads) throws IOException {
    for (String isa : Isa.names()) {
      try (Backend backend = CpuBackend.open(threads, Precision.FP32, isa)) {
        for (int[] shape : SHAPES) {
          compare(backend, shape[0], shape[1]);
        }
      }
    }
  }

  private static void compare(Backend backend, int inputs, int outputs) {
    float[] alone = outputs(backend, inputs, outputs, 1);
    for (int batch : BATCHES) {
      float[] found = outputs(backend, inputs, outputs, batch);
      for (int row = 0; row < batch; row++) {
        assertArrayEquals(
            alone,
            Arrays.copyOfRange(found, row * outputs, (row + 1) * outputs),
            inputs
                + " x "
                + outputs
                + ", row "
                + row
                + " of "
                + batch
                + ", "
                + backend.description());
      }
    }
  }

  /** The outputs of equal rows. */
  private static float[] outputs(Backend backend, int inputs, int outputs, int batch) {
    Random random = new Random(9);
    try (Arena arena = new Arena()) {
      Tensor x = backend.tensor(arena, batch, inputs);
      Tensor weight = backend.tensor(arena, inputs, outputs);
      Tensor bias = backend.tensor(arena, outputs);
      Tensor y = backend.tensor(arena, batch, outputs);
      float[] row = normal(random, inputs);
      float[] rows = new float[batch * inputs];
      for (int i = 0; i < batch; i++) {
        System.arraycopy(row, 0, rows, i * inputs, inputs);
      }
      x.write(rows);
      weight.write(normal(random, inputs * outputs));
      bias.write(normal(random, outputs));
      Dense dense = new Dense(x, weight, bias, null, y, Activation.IDENTITY);
      try (Program program = backend.compile(List.of(dense))) {
        program.run();
      }
      return y.toFloats();
    }
  }

  private static float[] normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
