// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A position past the last row is the caller's error. The other backends refuse it. The device
 * reads the position when it runs; it writes a row of NaN, so that the step is skipped, and reads
 * nothing outside the source. The source is an allocation of exact size, so that the emulated
 * device reports reads outside it.
 */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class GatherPastTheEndTest {
  private static final int ROWS = 4;
  private static final int FEATURES = 6;
  private static final int BATCH = 3;

  /** The rows of the batch from {@code first} until before {@code end} exist. */
  @ParameterizedTest
  @CsvSource({
    "UINT8, 2, 0, 2",
    "UINT8, 4, 0, 0",
    "FLOAT32, 3, 0, 1",
    "FLOAT32, 2, 0, 2",
    "FLOAT32, 1e9, 0, 0",
    "FLOAT32, 5e9, 0, 0",
    "UINT8, -1, 1, 3",
    "FLOAT32, -9, 0, 0"
  })
  void isARowOfNanAndNothingElseIsRead(DType type, double position, int first, int end) {
    try (CudaBackend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Buffer source = arena.own(backend.allocate(type, ROWS * FEATURES));
      if (type == DType.UINT8) {
        byte[] bytes = new byte[ROWS * FEATURES];
        Arrays.fill(bytes, (byte) 7);
        source.write(bytes);
      } else {
        float[] floats = new float[ROWS * FEATURES];
        Arrays.fill(floats, 7);
        source.write(floats);
      }
      Tensor out = backend.tensor(arena, BATCH, FEATURES);
      Tensor mask = backend.tensor(arena, BATCH, FEATURES);
      Gather op =
          new Gather(
              new Tensor(source, ROWS, FEATURES),
              out,
              mask,
              at(position, backend, arena),
              1,
              true,
              false,
              5);
      try (Program gather = backend.compile(List.of(op))) {
        gather.run();
      }
      float[] rows = out.toFloats();
      for (int i = 0; i < rows.length; i++) {
        int row = i / FEATURES;
        float expected = row >= first && row < end ? 7 : Float.NaN;
        assertEquals(expected, rows[i], "row " + row + " of " + Arrays.toString(rows));
      }
      float[] ones = new float[rows.length];
      Arrays.fill(ones, 1);
      assertArrayEquals(ones, mask.toFloats());
    }
  }

  /** With binarisation, too, a row that does not exist is NaN, not a draw of zeros and ones. */
  @ParameterizedTest
  @CsvSource({"UINT8", "FLOAT32"})
  void binarisedItIsNanToo(DType type) {
    try (CudaBackend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Tensor out = backend.tensor(arena, 1, FEATURES);
      Buffer source = arena.own(backend.allocate(type, ROWS * FEATURES));
      Gather op =
          new Gather(
              new Tensor(source, ROWS, FEATURES),
              out,
              null,
              at(ROWS, backend, arena),
              1,
              false,
              true,
              5);
      try (Program gather = backend.compile(List.of(op))) {
        gather.run();
      }
      for (float value : out.toFloats()) {
        assertTrue(Float.isNaN(value));
      }
    }
  }

  private static Control at(double position, Backend backend, Arena arena) {
    Buffer control = arena.own(backend.allocate(DType.FLOAT64, Control.LENGTH));
    double[] block = new double[Control.LENGTH];
    block[Control.POSITION] = position;
    control.write(block);
    return new Control(control);
  }
}
