// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small files that announce large arrays are refused by their length, before memory is taken, and
 * arrays whose meaning is not plain are refused or remarked.
 */
class HostileDataTest {
  @TempDir Path folder;

  private Path npz(String... names) throws IOException {
    Path file = folder.resolve("a.npz");
    byte[] array = Bytes.npy("<f4", false, "(2,)").f32(1, 2).array();
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name + ".npy"));
        out.write(array);
      }
    }
    return file;
  }

  @Test
  void idxHeaders() throws IOException {
    Path rows = Bytes.idx(0x08, 1 << 30, 1).write(folder.resolve("rows"));
    assertDataError(() -> DataSets.open("idx:" + rows), "truncated", "has 12");
    Path labels = Bytes.idx(0x08, 1 << 30).write(folder.resolve("labels"));
    assertDataError(() -> DataSets.open("idx:" + rows + "," + labels), "truncated", "labels");
    Path packed = Bytes.idx(0x08, 1 << 30, 1).gzip(folder.resolve("packed.gz"));
    assertDataError(() -> DataSets.open("idx:" + packed), "truncated", "compressed file can hold");
    Path packedLabels = Bytes.idx(0x0c, 1 << 30).gzip(folder.resolve("labels.gz"));
    assertDataError(() -> DataSets.open("idx:" + rows + "," + packedLabels), "truncated");
  }

  @Test
  void npyHeaders() throws IOException {
    for (String shape : new String[] {"(1, 500000000)", "(1000000000, 1)", "(1, 1, 500000000)"}) {
      for (boolean fortran : new boolean[] {false, true}) {
        Bytes bytes = Bytes.npy("<f4", fortran, shape);
        Path file = bytes.write(folder.resolve("a.npy"));
        assertDataError(
            () -> DataSets.open(file.toString(), new OpenOptions(Long.MAX_VALUE)), "truncated");
        Path packed = bytes.gzip(folder.resolve("packed.npy"));
        assertDataError(() -> DataSets.open(packed.toString()), "compressed file can hold");
      }
    }
    Bytes header = new Bytes().u8(0x93).text("NUMPY").u8(2, 0, 0, 0, 15, 0).text("{");
    assertDataError(() -> DataSets.open(write(header, "h.npy")), "truncated", "within its header");
  }

  private String write(Bytes bytes, String name) throws IOException {
    return bytes.write(folder.resolve(name)).toString();
  }

  @Test
  void longRowsAreReadInBlocks() throws IOException {
    int width = 700_001;
    float[] values = new float[2 * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Path file =
        Bytes.npy("<f4", false, "(2, " + width + ")").f32(values).write(folder.resolve("w.npy"));
    try (DataSet set = DataSets.open(file.toString(), new OpenOptions(Long.MAX_VALUE))) {
      assertArrayEquals(values, DataSets.values(set, 0, 2).values());
    }
  }

  @Test
  void membersOfGzip() throws IOException {
    byte[] whole = Bytes.idx(0x08, 2, 2).u8(1, 2, 3, 4).array();
    byte[] first = gzip(Arrays.copyOf(whole, 13));
    byte[] second = gzip(Arrays.copyOfRange(whole, 13, whole.length));
    byte[] empty = gzip(new byte[0]);
    byte[] zeros = new byte[512];
    Path file = folder.resolve("members.gz");
    Files.write(file, join(first, empty, second, zeros));
    try (DataSet set = DataSets.open("idx:" + file)) {
      assertArrayEquals(new float[] {1, 2, 3, 4}, DataSets.values(set, 0, 2, 1).values());
    }
    second[0] ^= 1;
    Files.write(file, join(first, second));
    assertDataError(() -> DataSets.open("idx:" + file), "members.gz", "corrupt");
    second[0] ^= 1;
    second[second.length - 1] ^= 1;
    Files.write(file, join(first, second));
    assertDataError(() -> DataSets.open("idx:" + file), "members.gz", "another length");
  }

  private byte[] gzip(byte[] bytes) throws IOException {
    Bytes content = new Bytes();
    for (byte b : bytes) {
      content.u8(b);
    }
    return Files.readAllBytes(content.gzip(folder.resolve("member")));
  }

  private static byte[] join(byte[]... parts) {
    Bytes all = new Bytes();
    for (byte[] part : parts) {
      for (byte b : part) {
        all.u8(b);
      }
    }
    return all.array();
  }

  @Test
  void sparseMatrices() throws IOException {
    Path file = npz("data", "indices", "indptr", "format", "shape");
    assertDataError(() -> DataSets.open(file + ":data"), "sparse matrix of SciPy", "toarray()");
    Path dense = npz("data", "indices");
    try (DataSet set = DataSets.open(dense + ":data")) {
      assertEquals(2, set.rows());
    }
  }

  @Test
  void bytesThatAreNotGrey() throws IOException {
    Path bits = Bytes.npy("|u1", false, "(2, 2)").u8(0, 1, 1, 0).write(folder.resolve("bits.npy"));
    Path grey = Bytes.npy("|u1", false, "(2, 2)").u8(0, 1, 2, 90).write(folder.resolve("grey.npy"));
    for (long resident : new long[] {0, Long.MAX_VALUE}) {
      OpenOptions options = new OpenOptions(resident);
      try (DataSet set = DataSets.open(bits.toString(), options)) {
        assertEquals(DType.UINT8, set.type());
        assertArrayEquals(new float[] {0, 1, 1, 0}, DataSets.values(set, 0, 2).values());
        assertEquals(0, set.remarks().size());
      }
      try (DataSet set = DataSets.open(grey.toString(), options)) {
        assertEquals(1f / 255, set.scale());
        assertEquals(1, set.remarks().size());
        assertTrue(set.remarks().get(0).contains("divided by 255"));
      }
      ArrayOptions numbers = ArrayOptions.PLAIN.withBytes(ArrayOptions.Bytes.NUMBERS);
      try (DataSet set = DataSets.open(grey.toString(), options.withArrays(numbers))) {
        assertArrayEquals(new float[] {0, 1, 2, 90}, DataSets.values(set, 0, 2).values());
        assertEquals(0, set.remarks().size());
      }
    }
  }

  @Test
  void channelsBeforePixels() throws IOException {
    Path file =
        Bytes.npy("<f4", false, "(1, 3, 2, 2)")
            .f32(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
            .write(folder.resolve("a.npy"));
    try (DataSet set = DataSets.open(file.toString())) {
      assertNull(set.image());
      assertTrue(set.remarks().get(0).contains("[1, 3, 2, 2] is read as rows of numbers"));
    }
  }

  @Test
  void wholeNumbersThatFloatsRound() throws IOException {
    Path ids =
        Bytes.npy("<i8", false, "(2, 2)").i64(1, 2, 3, 1L << 40).write(folder.resolve("i.npy"));
    for (long resident : new long[] {0, Long.MAX_VALUE}) {
      try (DataSet set = DataSets.open(ids.toString(), new OpenOptions(resident))) {
        assertEquals(1, set.remarks().size());
        assertTrue(set.remarks().get(0).contains("row 1, column 1 (counted from 0) is beyond"));
      }
    }
    Path floats = Bytes.npy("<f4", false, "(1, 1)").f32(1e20f).write(folder.resolve("f.npy"));
    try (DataSet set = DataSets.open(floats.toString())) {
      assertEquals(0, set.remarks().size());
    }
  }
}
