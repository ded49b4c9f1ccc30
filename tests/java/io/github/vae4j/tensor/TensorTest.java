// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.vae4j.backend.reference.ReferenceBackend;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TensorTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final Arena arena = new Arena();

  @AfterEach
  void close() {
    arena.close();
    assertEquals(0, backend.open());
    backend.close();
  }

  private Buffer floats(int length) {
    return arena.own(backend.allocate(DType.FLOAT32, length));
  }

  /** The numbers from 0. */
  private Tensor counting(int... dims) {
    Tensor tensor = backend.tensor(arena, dims);
    float[] values = new float[(int) tensor.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    tensor.write(values);
    return tensor;
  }

  private static void refused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void oneToFourDimensions() {
    Buffer buffer = floats(24);
    int[][] shapes = {{24}, {6, 4}, {2, 3, 4}, {2, 3, 4, 1}};
    for (int[] dims : shapes) {
      Tensor tensor = new Tensor(buffer, dims);
      assertEquals(dims.length, tensor.rank());
      assertArrayEquals(dims, IntStream.range(0, dims.length).map(tensor::dim).toArray());
      assertEquals(dims[dims.length - 1], tensor.dim(-1));
      assertEquals(dims[0], tensor.dim(-dims.length));
      assertEquals(24, tensor.length());
      assertEquals(24 / dims[dims.length - 1], tensor.rows());
      assertSame(buffer, tensor.buffer());
    }
    assertThrows(IndexOutOfBoundsException.class, () -> new Tensor(buffer, 6, 4).dim(2));
  }

  @Test
  void otherNumbersOfDimensionsAreRefused() {
    Buffer buffer = floats(4);
    refused("tensor: expected 1 to 4 dimensions, given []", () -> new Tensor(buffer));
    refused(
        "tensor: expected 1 to 4 dimensions, given [1, 1, 1, 1, 4]",
        () -> new Tensor(buffer, 1, 1, 1, 1, 4));
  }

  @Test
  void theShapeHoldsAllElements() {
    Buffer buffer = floats(6);
    String start = "tensor: expected the 6 elements of Buffer[FLOAT32 x 6], given the shape ";
    refused(start + "(2, 2)", () -> new Tensor(buffer, 2, 2));
    refused(start + "(7)", () -> new Tensor(buffer, 7));
    refused(start + "(-2, -3)", () -> new Tensor(buffer, -2, -3));
    refused(start + "(0)", () -> new Tensor(buffer, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new Tensor(buffer.slice(0, 0), 0), "no elements");
  }

  @Test
  void aShapeOfTooManyElementsDoesNotWrap() {
    int most = Integer.MAX_VALUE;
    assertEquals((long) most * most, Tensor.elements(most, most));
    assertThrows(ArithmeticException.class, () -> Tensor.elements(most, most, most));
    assertEquals(1, Tensor.elements());
  }

  @Test
  void theCallersArrayIsNotKept() {
    int[] dims = {2, 3};
    Tensor tensor = new Tensor(floats(6), dims);
    dims[0] = 3;
    assertEquals(2, tensor.dim(0));
  }

  @Test
  void anotherShapeIsOnTheSameElements() {
    Tensor tensor = counting(2, 3);
    Tensor other = tensor.as(3, 1, 2);
    assertSame(tensor.buffer(), other.buffer());
    assertEquals("FLOAT32 (3, 1, 2)", other.toString());
    assertArrayEquals(tensor.toFloats(), other.toFloats());
    refused(
        "tensor: expected the 6 elements of Buffer[FLOAT32 x 6], given the shape (4)",
        () -> tensor.as(4));
  }

  @Test
  void aPartIsAViewOfItsRows() {
    Tensor tensor = counting(4, 2, 3);
    Tensor part = tensor.part(1, 2);
    assertEquals("FLOAT32 (2, 2, 3)", part.toString());
    assertArrayEquals(new float[] {6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, part.toFloats());
    part.write(new float[] {-1});
    assertEquals(-1, tensor.toFloats()[6]);
    assertArrayEquals(new float[] {2, 3}, counting(5).part(2, 2).toFloats());
    assertEquals("FLOAT32 (4, 2, 3)", tensor.part(0, 4).toString());
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.part(3, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.part(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> tensor.part(1, 0));
  }

  @Test
  void itSaysItsTypeAndShape() {
    Buffer doubles = arena.own(backend.allocate(DType.FLOAT64, 2));
    doubles.write(new double[] {0.5, -1});
    Tensor tensor = new Tensor(doubles, 1, 2);
    assertEquals("FLOAT64 (1, 2)", tensor.toString());
    assertEquals(DType.FLOAT64, tensor.type());
    assertArrayEquals(new double[] {0.5, -1}, tensor.toDoubles());
  }

  @Test
  void aNewOneIsZeroAndOwnedByItsArena() {
    try (Arena own = new Arena()) {
      Tensor tensor = backend.tensor(own, 2, 2);
      assertArrayEquals(new float[4], tensor.toFloats());
      assertEquals(1, backend.open());
    }
    assertEquals(0, backend.open());
  }
}
