package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Fill;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Buffers of more elements than 31 bits count: an index that is not 64 bits wide reads or writes
 * somewhere else. Of bytes it takes 2.2 GB, on the emulated device of this machine's memory; of
 * floats 8.6 GB, so that only hardware runs it.
 */
@Tag("cuda")
@Tag("long")
@ExtendWith(EmulatedDevice.class)
final class LargeBufferTest {
  private static final long LIMIT = 1L << 31;

  @Test
  void theLastRowsOfALargeSetAreRead() {
    int features = 1 << 16;
    int rows = (int) (LIMIT / features) + 3;
    byte[] last = new byte[2 * features];
    for (int i = 0; i < last.length; i++) {
      last[i] = (byte) (i % 251);
    }
    try (CudaBackend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Ops ops = new Ops(backend);
      Buffer source = arena.own(ops.allocate(DType.UINT8, (long) rows * features));
      source.slice((rows - 2L) * features, last.length).write(last);
      Buffer out = arena.own(ops.allocate(DType.FLOAT32, 2L * features));
      Buffer control = arena.own(ops.allocate(DType.FLOAT64, Control.LENGTH));
      double[] block = new double[Control.LENGTH];
      block[Control.POSITION] = rows - 2;
      control.write(block);
      Gather op =
          new Gather(
              source, null, out, new Control(control), rows, features, 2, 1, false, false, 5);
      try (PreparedOp gather = ops.gather(op)) {
        gather.run();
      }
      float[] expected = new float[last.length];
      for (int i = 0; i < last.length; i++) {
        expected[i] = Byte.toUnsignedInt(last[i]);
      }
      assertArrayEquals(expected, out.toFloats());
    }
  }

  /** Not on the emulated device: its name has the tag of what only hardware has the memory for. */
  @Test
  @Tag("hardware")
  void theLastFloatsOfALargeBufferAreWritten() {
    long length = LIMIT + 5;
    try (CudaBackend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Ops ops = new Ops(backend);
      Buffer target = arena.own(ops.allocate(DType.FLOAT32, length));
      Buffer tail = target.slice(length - 7, 7);
      Buffer copied = arena.own(ops.allocate(DType.FLOAT32, 7));
      try (PreparedOp fill = ops.fill(new Fill(target.slice(0, length - 1), 3));
          PreparedOp copy = ops.copy(new Copy(tail, copied))) {
        fill.run();
        copy.run();
      }
      assertArrayEquals(new float[] {3, 3, 3, 3, 3, 3, 0}, copied.toFloats());
      assertArrayEquals(new float[] {3, 3, 3}, target.slice(0, 3).toFloats());
    }
  }
}
