// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Buffers of more than 2^31 elements: an index of fewer than 64 bits accesses other elements. A
 * buffer of bytes needs 2.2 GB, on the emulated device of this machine's memory; the test of floats
 * needs 17 GB, so that it runs only on hardware.
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
      Buffer source = arena.own(backend.allocate(DType.UINT8, (long) rows * features));
      source.slice((rows - 2L) * features, last.length).write(last);
      Tensor out = backend.tensor(arena, 2, features);
      Buffer control = arena.own(backend.allocate(DType.FLOAT64, Control.LENGTH));
      double[] block = new double[Control.LENGTH];
      block[Control.POSITION] = rows - 2;
      control.write(block);
      Gather op =
          new Gather(
              new Tensor(source, rows, features),
              out,
              null,
              new Control(control),
              1,
              false,
              false,
              5);
      try (Program gather = backend.compile(List.of(op))) {
        gather.run();
      }
      float[] expected = new float[last.length];
      for (int i = 0; i < last.length; i++) {
        expected[i] = Byte.toUnsignedInt(last[i]);
      }
      assertArrayEquals(expected, out.toFloats());
    }
  }

  /** Not on the emulated device, which has too little memory: hence the tag. */
  @Test
  @Tag("hardware")
  void theLastFloatsOfALargeBufferAreWritten() {
    long length = LIMIT + 5;
    try (CudaBackend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Buffer source = arena.own(backend.allocate(DType.FLOAT32, length - 1));
      source.slice(0, 3).write(new float[] {5, 6, 7});
      source.slice(length - 7, 6).write(new float[] {3, 3, 3, 3, 3, 3});
      Buffer target = arena.own(backend.allocate(DType.FLOAT32, length));
      int quarter = Math.toIntExact((length - 1) / 4);
      Tensor tail = new Tensor(target.slice(length - 7, 7), 7);
      Tensor copied = backend.tensor(arena, 7);
      Add add =
          new Add(
              new Tensor(source, 4, quarter), new Tensor(target.slice(0, length - 1), 4, quarter));
      try (Program program = backend.compile(List.of(add, new Copy(tail, copied)))) {
        program.run();
      }
      assertArrayEquals(new float[] {3, 3, 3, 3, 3, 3, 0}, copied.toFloats());
      assertArrayEquals(new float[] {5, 6, 7}, target.slice(0, 3).toFloats());
    }
  }
}
