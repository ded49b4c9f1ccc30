package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A position past the last row is the caller's error. The other backends refuse it; the device,
 * which reads the position when it runs, makes a row of NaN of it, so that the step is skipped, and
 * reads nothing outside the source or its index. Both are allocations of just their size, so that
 * the emulated device judges that.
 */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class GatherPastTheEndTest {
  private static final int ROWS = 4;
  private static final int FEATURES = 6;
  private static final int BATCH = 3;

  /** Rows of the batch that are there: {@code first} until before {@code end}. */
  @ParameterizedTest
  @CsvSource({
    "UINT8, 2, false, 0, 2",
    "UINT8, 4, true, 0, 0",
    "FLOAT32, 3, true, 0, 1",
    "FLOAT32, 2, false, 0, 2",
    "FLOAT32, 1e9, false, 0, 0",
    "FLOAT32, 5e9, true, 0, 0",
    "UINT8, -1, false, 1, 3",
    "FLOAT32, -9, true, 0, 0"
  })
  void isARowOfNanAndNothingElseIsRead(
      DType type, double position, boolean index, int first, int end) {
    try (CudaBackend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Ops ops = new Ops(backend);
      Buffer source = arena.own(ops.allocate(type, ROWS * FEATURES));
      if (type == DType.UINT8) {
        byte[] bytes = new byte[ROWS * FEATURES];
        Arrays.fill(bytes, (byte) 7);
        source.write(bytes);
      } else {
        float[] floats = new float[ROWS * FEATURES];
        Arrays.fill(floats, 7);
        source.write(floats);
      }
      @Nullable Buffer picks = null;
      if (index) {
        picks = arena.own(ops.allocate(DType.INT32, ROWS));
        picks.write(new int[] {3, 2, 1, 0});
      }
      Buffer out = arena.own(ops.allocate(DType.FLOAT32, BATCH * FEATURES));
      Buffer mask = arena.own(ops.allocate(DType.FLOAT32, BATCH * FEATURES));
      Gather op =
          new Gather(
              source,
              picks,
              out,
              mask,
              at(position, ops, arena),
              ROWS,
              FEATURES,
              BATCH,
              1,
              true,
              false,
              5);
      try (PreparedOp gather = ops.gather(op)) {
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

  /** Binarised, a row that is not there is NaN, too, and no draw of zeros and ones. */
  @ParameterizedTest
  @CsvSource({"UINT8", "FLOAT32"})
  void binarisedItIsNanToo(DType type) {
    try (CudaBackend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Ops ops = new Ops(backend);
      Buffer out = arena.own(ops.allocate(DType.FLOAT32, FEATURES));
      Gather op =
          new Gather(
              arena.own(ops.allocate(type, ROWS * FEATURES)),
              null,
              out,
              at(ROWS, ops, arena),
              ROWS,
              FEATURES,
              1,
              1,
              false,
              true,
              5);
      try (PreparedOp gather = ops.gather(op)) {
        gather.run();
      }
      for (float value : out.toFloats()) {
        assertTrue(Float.isNaN(value));
      }
    }
  }

  private static Control at(double position, Ops ops, Arena arena) {
    Buffer control = arena.own(ops.allocate(DType.FLOAT64, Control.LENGTH));
    double[] block = new double[Control.LENGTH];
    block[Control.POSITION] = position;
    control.write(block);
    return new Control(control);
  }
}
