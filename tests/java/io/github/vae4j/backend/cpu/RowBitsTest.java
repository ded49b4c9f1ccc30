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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A row has the same bits alone and at every place in every batch, for any number of threads: the
 * scores of rows rely on it. oneDNN has ways of its own for one row and for sums of many terms.
 */
final class RowBitsTest {
  private static final int[] BATCHES = {1, 2, 3, 5, 16, 33, 64, 1024};

  private static final int[][] SHAPES = {
    {3, 1}, {4, 32}, {33, 31}, {64, 59}, {110, 64}, {64, 1000}, {1000, 1}, {512, 256}, {4000, 64}
  };

  @Test
  void aRowHasTheSameBitsInEveryBatch() {
    Random random = new Random(2);
    try (Backend one = CpuBackend.open(1, Precision.FP32);
        Backend two = CpuBackend.open(2, Precision.FP32)) {
      for (int[] shape : SHAPES) {
        float[] weight = normal(random, shape[0] * shape[1]);
        float[] bias = normal(random, shape[1]);
        float[] row = normal(random, shape[0]);
        float[] alone = product(one, row, 1, weight, bias);
        for (Backend backend : List.of(one, two)) {
          for (int batch : BATCHES) {
            float[] found = product(backend, row, batch, weight, bias);
            for (int i = 0; i < batch; i++) {
              assertArrayEquals(
                  alone,
                  Arrays.copyOfRange(found, i * alone.length, (i + 1) * alone.length),
                  Arrays.toString(shape) + ", row " + i + " of " + batch + ", " + backend);
            }
          }
        }
      }
    }
  }

  private static float[] normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The product of so many equal rows with a matrix. */
  private static float[] product(
      Backend backend, float[] row, int batch, float[] weight, float[] bias) {
    try (Arena arena = new Arena()) {
      Tensor x = backend.tensor(arena, batch, row.length);
      float[] rows = new float[batch * row.length];
      for (int i = 0; i < batch; i++) {
        System.arraycopy(row, 0, rows, i * row.length, row.length);
      }
      x.write(rows);
      Tensor matrix = backend.tensor(arena, row.length, bias.length);
      matrix.write(weight);
      Tensor shift = backend.tensor(arena, bias.length);
      shift.write(bias);
      Tensor y = backend.tensor(arena, batch, bias.length);
      Dense op = new Dense(x, matrix, shift, null, y, Activation.IDENTITY);
      try (Program program = backend.compile(List.of(op))) {
        program.run();
      }
      return y.toFloats();
    }
  }
}
