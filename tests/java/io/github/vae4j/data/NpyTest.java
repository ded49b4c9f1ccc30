// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
  @TempDir Path folder;

  private Path file(Bytes bytes) throws IOException {
    return bytes.write(folder.resolve("array.npy"));
  }

  /** Opens in memory and streamed, with the same result. */
  private void assertValues(Bytes bytes, float... expected) throws IOException {
    Path file = file(bytes);
    for (long residentBytes : new long[] {0, Long.MAX_VALUE}) {
      try (DataSet set = DataSets.open(file.toString(), new OpenOptions(residentBytes))) {
        assertEquals(residentBytes > 0, set.resident());
        assertArrayEquals(expected, DataSets.values(set, 0, set.rows()).values());
      }
    }
  }

  @Test
  void everyNumericType() throws IOException {
    assertValues(Bytes.npy("<f4", false, "(1, 2)").f32(-0.5f, 2), -0.5f, 2);
    assertValues(Bytes.npy(">f4", false, "(1, 2)").f32(-0.5f, 2), -0.5f, 2);
    assertValues(Bytes.npy("<f8", false, "(1, 2)").f64(0.1, 2), 0.1f, 2);
    assertValues(Bytes.npy(">f8", false, "(1, 2)").f64(0.1, 2), 0.1f, 2);
    assertValues(Bytes.npy("|i1", false, "(1, 2)").u8(127, 128), 127, -128);
    assertValues(Bytes.npy("<i2", false, "(1, 2)").i16(-2, 300), -2, 300);
    assertValues(Bytes.npy(">u2", false, "(1, 2)").i16(65_535, 1), 65_535, 1);
    assertValues(Bytes.npy("<i4", false, "(1, 2)").i32(-70_000, 5), -70_000, 5);
    assertValues(Bytes.npy("<u4", false, "(1, 2)").i32(-1, 5), 0x1p32f, 5);
    assertValues(Bytes.npy(">i8", false, "(1, 2)").i64(-(1L << 40), 5), -0x1p40f, 5);
    // 2^63 + 2^39 + 1 is just above the middle of two floats: it rounds up, not to even.
    assertValues(
        Bytes.npy("<u8", false, "(1, 2)").i64((1L << 63) + (1L << 39) + 1, 5),
        0x1p63f + 0x1p40f,
        5);
    // 1, the largest, the smallest above 0, -0, and 1/3 in binary16.
    assertValues(
        Bytes.npy("<f2", false, "(1, 5)").i16(0x3c00, 0x7bff, 1, 0x8000, 0x3555),
        1,
        65_504,
        0x1p-24f,
        -0f,
        0x1.554p-2f);
    assertValues(Bytes.npy(">f2", false, "(1, 2)").i16(0xc000, 0x3800), -2, 0.5f);
    assertValues(Bytes.npy("|b1", false, "(1, 2)").u8(0, 1), 0, 1);
    assertValues(Bytes.npy("|u1", false, "(1, 2)").u8(0, 255), 0, 1);
  }

  @Test
  void bytesAreGreyValuesAndBooleansAreNot() throws IOException {
    try (DataSet grey =
        DataSets.open(file(Bytes.npy("|u1", false, "(1, 2)").u8(0, 99)).toString())) {
      assertEquals(DType.UINT8, grey.type());
      assertEquals(1f / 255, grey.scale());
    }
    try (DataSet bits =
        DataSets.open(file(Bytes.npy("|b1", false, "(1, 2)").u8(0, 1)).toString())) {
      assertEquals(DType.UINT8, bits.type());
      assertEquals(1, bits.scale());
    }
  }

  @Test
  void dimensionsAreRowsThenFeatures() throws IOException {
    assertShape("(6,)", 6, 1, null);
    assertShape("(2, 3)", 2, 3, null);
    assertShape("(1, 2, 3)", 1, 6, new ImageShape(3, 2, 1));
    assertShape("(1, 2, 1, 3)", 1, 6, new ImageShape(1, 2, 3));
    assertShape("(1, 1, 2, 3)", 1, 6, new ImageShape(2, 1, 3));
    assertShape("(1, 3, 1, 2)", 1, 6, null);
    assertShape("(1, 1, 3, 2)", 1, 6, new ImageShape(2, 3, 1));
    assertShape("(3, 1, 1, 2, 1)", 3, 2, null);
    assertShape("(2L, 3L)", 2, 3, null);
  }

  private void assertShape(String shape, int rows, int features, @Nullable ImageShape image)
      throws IOException {
    Path file = file(Bytes.npy("<f4", false, shape).f32(1, 2, 3, 4, 5, 6));
    try (DataSet set = DataSets.open(file.toString())) {
      assertEquals(rows, set.rows());
      assertEquals(features, set.features());
      assertEquals(image, set.image());
    }
  }

  @Test
  void fortranOrder() throws IOException {
    // [[1, 2, 3], [4, 5, 6]] is stored column by column.
    Bytes two = Bytes.npy("<f4", true, "(2, 3)").f32(1, 4, 2, 5, 3, 6);
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, Npy.read(file(two)).values());
    // Element (i, j, k) of shape (2, 2, 3) is 100 i + 10 j + k; i is fastest, then j.
    Bytes three =
        Bytes.npy("|u1", true, "(2, 2, 3)").u8(0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112);
    Path file = file(three);
    assertArrayEquals(
        new float[] {0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112}, Npy.read(file).values());
    assertDataError(
        () -> DataSets.open(file.toString(), new OpenOptions(0)), "Fortran", "ascontiguousarray");
    Bytes cut = Bytes.npy("<f4", true, "(2, 3)").f32(1, 4, 2, 5, 3);
    Path shorter = file(cut);
    assertDataError(() -> Npy.read(shorter), "truncated");
  }

  @Test
  void laterVersionsAndOtherSpellings() throws IOException {
    String dictionary = "{\"shape\":(1,2,),\"fortran_order\":False,\"descr\":\"<f4\"}";
    for (int version = 1; version <= 3; version++) {
      assertValues(Bytes.npy(version, dictionary).f32(7, 8), 7, 8);
    }
    Path four = file(Bytes.npy(4, dictionary).f32(7, 8));
    assertDataError(() -> Npy.read(four), "version 4");
  }

  @Test
  void readDoesNotScale() throws IOException {
    Matrix matrix = Npy.read(file(Bytes.npy("|u1", false, "(2, 2)").u8(0, 1, 254, 255)));
    assertEquals(2, matrix.rows());
    assertArrayEquals(new float[] {0, 1, 254, 255}, matrix.values());
  }

  @Test
  void writtenBytesAreTheFormats() throws IOException {
    Path file = folder.resolve("out.npy");
    Npy.write(file, new Matrix(2, 3, new float[] {1, -2, 3.5f, 0, 1e-20f, 6}));
    byte[] bytes = Files.readAllBytes(file);
    assertArrayEquals(
        Bytes.npy("<f4", false, "(2, 3)").f32(1, -2, 3.5f, 0, 1e-20f, 6).array(), bytes);
    assertEquals(128 + 24, bytes.length);
    Npy.write(file, new Matrix(0, 3, new float[0]));
    assertEquals(128, Files.size(file));
    Npy.write(file, new Matrix(1, 6, new float[] {1, 2, 3, 4, 5, 6}), 1, 3, 2);
    assertArrayEquals(
        Bytes.npy("<f4", false, "(1, 1, 3, 2)").f32(1, 2, 3, 4, 5, 6).array(),
        Files.readAllBytes(file));
    Thrown.says(
        IllegalArgumentException.class,
        () -> Npy.write(file, Matrix.zeros(1, 6), 2, 2),
        "sizes: expected a product of 6",
        "[2, 2]");
  }

  @Test
  void longArraysSurviveTheirBlocks() {
    float[] values = new float[3 * 70_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Path file = folder.resolve("long.npy");
    Npy.write(file, new Matrix(70_001, 3, values));
    assertArrayEquals(values, Npy.read(file).values());
    try (DataSet set = DataSets.open(file.toString())) {
      assertNull(set.image());
      assertArrayEquals(
          new float[] {150_000, 150_001, 150_002}, DataSets.values(set, 50_000, 1).values());
    }
  }

  @Test
  void fileThatCannotBeWritten() {
    Thrown.says(
        VaeException.class,
        () -> Npy.write(folder.resolve("none").resolve("x.npy"), Matrix.zeros(1, 1)),
        "cannot write ",
        "x.npy",
        "there is no folder");
  }

  @Test
  void notAnArray() throws IOException {
    Path text = file(new Bytes().text("a,b\n1,2\n3,4\n5,6"));
    assertDataError(() -> Npy.read(text), "array.npy", "not an NPY file");
    Path empty = file(new Bytes());
    assertDataError(() -> Npy.read(empty), "truncated", "magic number");
    Path noHeader = file(new Bytes().u8(0x93).text("NUMPY").u8(1, 0, 100, 0, '{'));
    assertDataError(() -> Npy.read(noHeader), "truncated", "within its header");
    Path longHeader = file(new Bytes().u8(0x93).text("NUMPY").u8(2, 0, 255, 255, 255, 255));
    assertDataError(() -> Npy.read(longHeader), "corrupt", "4294967295");
    Path noShape = file(Bytes.npy(1, "{'descr': '<f4', 'fortran_order': False}"));
    assertDataError(() -> Npy.read(noShape), "corrupt", "shape");
    Path badShape = file(Bytes.npy("<f4", false, "(1 2,)"));
    assertDataError(() -> Npy.read(badShape), "corrupt", "1 2");
    assertDataError(() -> Npy.read(folder.resolve("none.npy")), "no such file");
  }

  @Test
  void typesThatAreNotNumbers() throws IOException {
    for (String descr : new String[] {"<c8", "<f3", "<U5", "<M8[ns]", "|V4", "x"}) {
      Path other = file(Bytes.npy(descr, false, "(1,)"));
      assertDataError(() -> Npy.read(other), "holds " + descr, "astype(numpy.float32)");
    }
    Path objects = file(Bytes.npy("|O", false, "(1,)"));
    assertDataError(() -> Npy.read(objects), "Python objects");
    Path records =
        file(Bytes.npy(1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"));
    assertDataError(() -> Npy.read(records), "several fields");
  }

  @Test
  void sizesThatCannotBe() throws IOException {
    byte[] whole = Bytes.npy("<f4", false, "(2, 2)").f32(1, 2, 3, 4).array();
    Path cut = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(whole, whole.length - 1));
    for (long residentBytes : new long[] {0, Long.MAX_VALUE}) {
      assertDataError(
          () -> DataSets.open(cut.toString(), new OpenOptions(residentBytes)),
          "truncated",
          "144 bytes",
          "has 143");
    }
    Path more = file(Bytes.npy("<f4", false, "(1, 2)").f32(1, 2, 3));
    assertDataError(() -> Npy.read(more), "has more bytes");
    Path scalar = file(Bytes.npy("<f4", false, "()").f32(1));
    assertDataError(() -> Npy.read(scalar), "single number");
    Path empty = file(Bytes.npy("<f4", false, "(0, 3)"));
    assertDataError(() -> Npy.read(empty), "empty");
    Path huge = file(Bytes.npy("<f4", false, "(3000000000, 2)"));
    assertDataError(() -> Npy.read(huge), "3000000000", "at most");
    Path absurd = file(Bytes.npy("<f4", false, "(99999999999999999999, 2)"));
    assertDataError(() -> Npy.read(absurd), "corrupt");
  }

  @Test
  void valuesThatAreNotFinite() throws IOException {
    Path nan = file(Bytes.npy("<f8", false, "(2, 2)").f64(1, 2, Double.NaN, 4));
    for (long residentBytes : new long[] {0, Long.MAX_VALUE}) {
      assertDataError(
          () -> DataSets.open(nan.toString(), new OpenOptions(residentBytes)),
          nan.toString(),
          "row 1, column 0",
          "NaN");
    }
    Path fortran = file(Bytes.npy("<f4", true, "(2, 2)").f32(1, Float.POSITIVE_INFINITY, 3, 4));
    assertDataError(() -> Npy.read(fortran), "row 1, column 0", "Infinity");
  }
}
