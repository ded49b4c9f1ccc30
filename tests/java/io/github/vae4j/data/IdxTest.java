// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.vae4j.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path folder;

  private static Bytes images() {
    return Bytes.idx(0x08, 2, 1, 3).u8(0, 51, 255, 102, 1, 254);
  }

  @Test
  void imagesPlainAndCompressed() throws IOException {
    Path plain = images().write(folder.resolve("images"));
    Path packed = images().gzip(folder.resolve("images.gz"));
    for (Path file : new Path[] {plain, packed}) {
      try (DataSet set = DataSets.open("idx:" + file)) {
        assertEquals("idx:" + file, set.name());
        assertEquals(2, set.rows());
        assertEquals(new ImageShape(3, 1, 1), set.image());
        assertEquals(DType.UINT8, set.type());
        assertArrayEquals(new float[] {0, 0.2f, 1}, DataSets.values(set, 0, 1).values(), 1e-7f);
        assertArrayEquals(
            new float[] {0.4f, 1 / 255f, 254 / 255f}, DataSets.values(set, 1, 1).values(), 1e-7f);
        assertEquals(-1, set.label(0));
      }
    }
  }

  @Test
  void labelsFollowAComma() throws IOException {
    Path data = images().write(folder.resolve("images"));
    Path labels = Bytes.idx(0x08, 2).u8(7, 200).gzip(folder.resolve("labels.gz"));
    try (DataSet set = DataSets.open("idx:" + data + "," + labels)) {
      assertEquals(7, set.label(0));
      assertEquals(200, set.label(1));
      DataSet view = DataSets.rows(set, new int[] {1});
      assertEquals(200, view.label(0));
    }
  }

  @Test
  void commaInAFileName() throws IOException {
    Path data = images().write(folder.resolve("a,b"));
    try (DataSet set = DataSets.open("idx:" + data)) {
      assertEquals(2, set.rows());
    }
  }

  @Test
  void everyNumericTypeAndRank() throws IOException {
    assertValues(Bytes.idx(0x09, 2, 2).u8(0, 127, 128, 255), 2, 0, 127, -128, -1);
    assertValues(Bytes.idx(0x0b, 1, 2).i16(-2, 300), 2, -2, 300);
    assertValues(Bytes.idx(0x0c, 2, 1).i32(-70_000, 70_000), 1, -70_000, 70_000);
    assertValues(Bytes.idx(0x0d, 1, 2).f32(-0.5f, 1e-30f), 2, -0.5f, 1e-30f);
    assertValues(Bytes.idx(0x0e, 1, 2).f64(0.1, -3), 2, 0.1f, -3);
    assertValues(Bytes.idx(0x0d, 3).f32(1, 2, 3), 1, 1, 2, 3);
    assertValues(Bytes.idx(0x0b, 1, 2, 1, 2, 1).i16(1, 2, 3, 4), 4, 1, 2, 3, 4);
  }

  private void assertValues(Bytes bytes, int features, float... expected) throws IOException {
    Path file = bytes.write(folder.resolve("values"));
    for (long residentBytes : new long[] {0, Long.MAX_VALUE}) {
      try (DataSet set = DataSets.open("idx:" + file, new OpenOptions(residentBytes))) {
        assertEquals(residentBytes > 0, set.resident());
        assertEquals(features, set.features());
        assertEquals(DType.FLOAT32, set.type());
        assertEquals(1, set.scale());
        assertNull(set.image());
        assertArrayEquals(expected, DataSets.values(set, 0, set.rows()).values());
      }
    }
  }

  @Test
  void missingFileAndFolder() {
    assertDataError(() -> DataSets.open("idx:" + folder.resolve("none")), "none", "no such file");
    assertDataError(() -> DataSets.open("idx:" + folder), "is a folder");
  }

  @Test
  void truncatedData() throws IOException {
    byte[] whole = images().array();
    Path plain = Files.write(folder.resolve("short"), Arrays.copyOf(whole, whole.length - 2));
    for (long residentBytes : new long[] {0, Long.MAX_VALUE}) {
      assertDataError(
          () -> DataSets.open("idx:" + plain, new OpenOptions(residentBytes)),
          plain.toString(),
          "truncated",
          "announces 22 bytes",
          "has 20");
    }
    Path header = Files.write(folder.resolve("header"), Arrays.copyOf(whole, 9));
    assertDataError(() -> DataSets.open("idx:" + header), "truncated", "9 bytes", "dimensions");
    Path nothing = Files.write(folder.resolve("nothing"), new byte[0]);
    assertDataError(() -> DataSets.open("idx:" + nothing), "truncated", "magic number");
    Path packed =
        new Bytes().u8(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 9, 1, 2).gzip(folder.resolve("short.gz"));
    assertDataError(() -> DataSets.open("idx:" + packed), "truncated", "21 bytes", "has 14");
  }

  @Test
  void tooMuchData() throws IOException {
    Path file = images().u8(1).write(folder.resolve("long"));
    for (long residentBytes : new long[] {0, Long.MAX_VALUE}) {
      assertDataError(
          () -> DataSets.open("idx:" + file, new OpenOptions(residentBytes)), "after the 22 bytes");
    }
  }

  @Test
  void wrongMagic() throws IOException {
    Path text = new Bytes().text("hello, world").write(folder.resolve("text"));
    assertDataError(() -> DataSets.open("idx:" + text), "not an IDX file", "68 65 6c 6c");
    Path type = new Bytes().u8(0, 0, 0x0a, 1, 0, 0, 0, 1, 1).write(folder.resolve("type"));
    assertDataError(() -> DataSets.open("idx:" + type), "not an IDX file", "00 00 0a 01");
  }

  @Test
  void compressedWithoutTheName() throws IOException {
    Path packed = images().gzip(folder.resolve("packed"));
    try (DataSet set = DataSets.open("idx:" + packed, new OpenOptions(0))) {
      assertEquals(2, set.rows());
      assertArrayEquals(new float[] {102, 1, 254}, DataSets.values(set, 1, 1, 1).values());
    }
  }

  @Test
  void imagesByColumns() throws IOException {
    Path file =
        Bytes.idx(0x08, 2, 3, 2)
            .u8(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
            .write(folder.resolve("e"));
    for (long resident : new long[] {0, Long.MAX_VALUE}) {
      try (DataSet set = DataSets.open("idx-transposed:" + file, new OpenOptions(resident))) {
        assertEquals(new ImageShape(3, 2, 1), set.image());
        assertArrayEquals(
            new float[] {1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12},
            DataSets.values(set, 0, 2, 1).values());
      }
    }
    Path rows = Bytes.idx(0x08, 1, 2).u8(1, 2).write(folder.resolve("rows"));
    assertDataError(() -> DataSets.open("idx-transposed:" + rows), "not images");
  }

  @Test
  void labelsGivenAsImages() throws IOException {
    Path labels = Bytes.idx(0x08, 2).u8(7, 9).write(folder.resolve("labels"));
    assertDataError(() -> DataSets.open("idx:" + labels), "one dimension", "idx:IMAGES,LABELS");
    Path images = images().write(folder.resolve("images"));
    Path negative = Bytes.idx(0x09, 2).u8(7, 255).write(folder.resolve("negative"));
    assertDataError(
        () -> DataSets.open("idx:" + images + "," + negative), "label 1 is -1", "0, 1, 2");
  }

  @Test
  void brokenCompression() throws IOException {
    Path plain = images().write(folder.resolve("plain.gz"));
    assertDataError(() -> DataSets.open("idx:" + plain), "plain.gz", "not gzip");
    Path empty = Files.write(folder.resolve("empty.gz"), new byte[0]);
    assertDataError(() -> DataSets.open("idx:" + empty), "not gzip");
    byte[] packed = Files.readAllBytes(images().gzip(folder.resolve("whole.gz")));
    Path half = Files.write(folder.resolve("half.gz"), Arrays.copyOf(packed, packed.length - 9));
    assertDataError(() -> DataSets.open("idx:" + half), "half.gz", "truncated", "compressed");
    packed[packed.length - 5] ^= 1;
    Path flipped = Files.write(folder.resolve("flipped.gz"), packed);
    assertDataError(() -> DataSets.open("idx:" + flipped), "flipped.gz", "corrupt");
  }

  @Test
  void labelsThatDoNotBelong() throws IOException {
    Path data = images().write(folder.resolve("images"));
    Path three = Bytes.idx(0x08, 3).u8(1, 2, 3).write(folder.resolve("three"));
    assertDataError(
        () -> DataSets.open("idx:" + data + "," + three), "three: has 3 labels", "has 2 rows");
    assertDataError(() -> DataSets.open("idx:" + data + "," + data), "not a file of labels");
    Path floats = Bytes.idx(0x0d, 2).f32(1, 2).write(folder.resolve("floats"));
    assertDataError(() -> DataSets.open("idx:" + data + "," + floats), "not a file of labels");
    Path cut = Bytes.idx(0x08, 2).u8(1).write(folder.resolve("cut"));
    assertDataError(() -> DataSets.open("idx:" + data + "," + cut), "cut", "truncated", "labels");
    assertDataError(() -> DataSets.open("idx:" + data + ",none"), "none", "no such file");
  }

  @Test
  void emptyAndAbsurdSizes() throws IOException {
    Path rows = Bytes.idx(0x08, 0, 28, 28).write(folder.resolve("rows"));
    assertDataError(() -> DataSets.open("idx:" + rows), "empty", "0 rows");
    Path columns = Bytes.idx(0x08, 5, 0).write(folder.resolve("columns"));
    assertDataError(() -> DataSets.open("idx:" + columns), "empty", "rows of 0 values");
    Path huge = Bytes.idx(0x0e, -1, -1, -1, -1).write(folder.resolve("huge"));
    assertDataError(() -> DataSets.open("idx:" + huge), "4294967295", "at most");
    Path mixed = Bytes.idx(0x0e, 0, -1, -1, -1, -1).write(folder.resolve("mixed"));
    assertDataError(() -> DataSets.open("idx:" + mixed), "at most");
  }

  @Test
  void notANumberNamesRowAndColumn() throws IOException {
    Path file = Bytes.idx(0x0d, 3, 2).f32(1, 2, 3, 4, 5, Float.NaN).write(folder.resolve("floats"));
    for (long residentBytes : new long[] {0, Long.MAX_VALUE}) {
      assertDataError(
          () -> DataSets.open("idx:" + file, new OpenOptions(residentBytes)),
          file.toString(),
          "row 2, column 1",
          "NaN");
    }
    Path wide = Bytes.idx(0x0e, 1, 2).f64(1, 1e300).write(folder.resolve("doubles"));
    assertDataError(
        () -> DataSets.open("idx:" + wide), "row 0, column 1", "Infinity", "range of float32");
  }
}
