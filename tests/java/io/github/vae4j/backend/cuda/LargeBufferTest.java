// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.cudasim.CudaSim;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Buffers of more than 2^31 elements: an index of fewer than 64 bits accesses other elements. The
 * emulated device takes this machine's memory only for pages that are not all zeros, so that the
 * sets need a few megabytes of it; the test that writes all of 2^31 floats needs 17 GB and runs
 * only on hardware.
 */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class LargeBufferTest {
  private static final long LIMIT = 1L << 31;

  private static final int FEATURES = 1 << 16;
  private static final int ROWS = (int) (LIMIT / FEATURES) + 3;
  private static final long DEFAULT_MEMORY = 8L << 30;

  @Test
  void theLastRowsOfALargeSetAreRead() {
    byte[] last = new byte[2 * FEATURES];
    float[] expected = new float[last.length];
    for (int i = 0; i < last.length; i++) {
      last[i] = (byte) (i % 251);
      expected[i] = Byte.toUnsignedInt(last[i]);
    }
    assertGathers(DType.UINT8, expected, view -> view.write(last));
  }

  /** The offset in bytes, too, is beyond 2^33. Small cards have no memory for it: hence the tag. */
  @Test
  @Tag("cudasim")
  void theLastRowsOfALargeSetOfFloatsAreRead() {
    float[] last = new float[2 * FEATURES];
    for (int i = 0; i < last.length; i++) {
      last[i] = 0.5f * i;
    }
    CudaSim.setOption("memory", 2 * DEFAULT_MEMORY);
    try {
      assertGathers(DType.FLOAT32, last, view -> view.write(last));
    } finally {
      CudaSim.setOption("memory", DEFAULT_MEMORY);
    }
  }

  private static void assertGathers(DType type, float[] expected, Consumer<Buffer> lastRows) {
    try (CudaBackend backend = CudaBackend.open(Precision.FP32);
        Arena arena = new Arena()) {
      Buffer source = arena.own(backend.allocate(type, (long) ROWS * FEATURES));
      lastRows.accept(source.slice((ROWS - 2L) * FEATURES, expected.length));
      Tensor out = backend.tensor(arena, 2, FEATURES);
      Buffer control = arena.own(backend.allocate(DType.FLOAT64, Control.LENGTH));
      double[] block = new double[Control.LENGTH];
      block[Control.POSITION] = ROWS - 2;
      control.write(block);
      Gather op =
          new Gather(
              new Tensor(source, ROWS, FEATURES),
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
      assertArrayEquals(expected, out.toFloats());
    }
  }

  /** Not on the emulated device, which has too little memory: hence the tag. */
  @Test
  @Tag("hardware")
  @Tag("long")
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
