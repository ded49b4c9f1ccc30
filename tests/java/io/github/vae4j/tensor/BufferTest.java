// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BufferTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final Arena arena = new Arena();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  private Buffer buffer(DType type, long length) {
    return arena.own(backend.allocate(type, length));
  }

  @Test
  void everyTypeKeepsItsValues() {
    float[] floats = {1.5f, Float.NaN, -0f};
    double[] doubles = {Math.PI, Double.NEGATIVE_INFINITY};
    byte[] bytes = {0, -1, 127};
    Buffer f = buffer(DType.FLOAT32, 3);
    Buffer d = buffer(DType.FLOAT64, 2);
    Buffer b = buffer(DType.UINT8, 3);
    f.write(floats);
    d.write(doubles);
    b.write(bytes);
    byte[] readBytes = new byte[3];
    b.read(readBytes);
    assertArrayEquals(floats, f.toFloats());
    assertArrayEquals(doubles, d.toDoubles());
    assertArrayEquals(bytes, readBytes);
  }

  /** Transfers go through chunks of one MiB. */
  @Test
  void longerThanAChunk() {
    int length = (1 << 18) * 2 + 3;
    float[] floats = new float[length];
    byte[] bytes = new byte[4 * length];
    double[] doubles = new double[length];
    for (int k = 0; k < length; k++) {
      floats[k] = 3 * k;
      bytes[k] = (byte) k;
      doubles[k] = k / 7.0;
    }
    Buffer f = buffer(DType.FLOAT32, length);
    Buffer b = buffer(DType.UINT8, bytes.length);
    Buffer d = buffer(DType.FLOAT64, length);
    f.write(floats);
    b.write(bytes);
    d.write(doubles);
    byte[] readBytes = new byte[bytes.length];
    b.read(readBytes);
    assertArrayEquals(floats, f.toFloats());
    assertArrayEquals(bytes, readBytes);
    assertArrayEquals(doubles, d.toDoubles());
  }

  @Test
  void aSliceIsAView() {
    Buffer whole = buffer(DType.FLOAT32, 10);
    Buffer slice = whole.slice(2, 5);
    Buffer inner = slice.slice(1, 2);
    inner.write(new float[] {8, 9});
    assertArrayEquals(new float[] {0, 0, 0, 8, 9, 0, 0, 0, 0, 0}, whole.toFloats());
    assertEquals(12, inner.byteOffset());
    assertEquals(whole.address() + 12, inner.address());
    slice.close();
    assertEquals(10, whole.toFloats().length);
    assertEquals("Buffer[FLOAT32 x 10]", whole.toString());
    assertEquals("Buffer[FLOAT32 x 2, view]", inner.toString());
    assertThrows(IndexOutOfBoundsException.class, () -> whole.slice(8, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.slice(-1, 1));
  }

  @Test
  void wrongTypesAndLengthsFail() {
    Buffer floats = buffer(DType.FLOAT32, 3);
    assertEquals(
        "buffer holds 3 FLOAT32, given 4 FLOAT32",
        assertThrows(IllegalArgumentException.class, () -> floats.write(new float[4]))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> floats.write(new double[1]));
    assertThrows(IllegalArgumentException.class, () -> floats.read(new double[1]));
    assertThrows(IllegalArgumentException.class, floats::toDoubles);
  }

  @Test
  void memoryMustHoldTheBuffer() {
    Buffer floats = buffer(DType.FLOAT32, 3);
    Memory memory = floats.memory();
    for (long length : new long[] {4, -1, 1L << 62}) {
      assertThrows(
          IllegalArgumentException.class, () -> Buffer.owning(memory, DType.FLOAT32, length));
    }
  }

  @Test
  void aClosedBufferIsNotUsed() {
    Buffer floats = buffer(DType.FLOAT32, 3);
    Buffer view = floats.slice(1, 1);
    floats.close();
    assertThrows(IllegalStateException.class, floats::toFloats);
    assertThrows(IllegalStateException.class, view::address);
    assertThrows(IllegalStateException.class, () -> view.write(new float[1]));
  }
}
