// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  private static final byte[] X = Bytes.npy("<f4", false, "(2, 1)").f32(1, 2).array();
  private static final byte[] Y = Bytes.npy("<i4", false, "(1, 3)").i32(7, 8, 9).array();

  @TempDir Path folder;

  private Path zip(boolean compressed, Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("arrays.npz");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> array : new TreeMap<>(entries).entrySet()) {
        ZipEntry entry = new ZipEntry(array.getKey());
        if (!compressed) {
          CRC32 sum = new CRC32();
          sum.update(array.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(array.getValue().length);
          entry.setCrc(sum.getValue());
        }
        out.putNextEntry(entry);
        out.write(array.getValue());
      }
    }
    return file;
  }

  @Test
  void arrayByName() throws IOException {
    for (boolean compressed : new boolean[] {false, true}) {
      Path file = zip(compressed, Map.of("x.npy", X, "y.npy", Y));
      try (DataSet set = DataSets.open(file + ":y")) {
        assertEquals(1, set.rows());
        assertTrue(set.resident());
        assertArrayEquals(new float[] {7, 8, 9}, DataSets.values(set, 0, 1).values());
      }
    }
  }

  @Test
  void theOnlyArrayNeedsNoName() throws IOException {
    Path file = zip(true, Map.of("x.npy", X, "readme.txt", new byte[3]));
    try (DataSet set = DataSets.open(file.toString())) {
      assertArrayEquals(new float[] {1, 2}, DataSets.values(set, 0, 2).values());
    }
  }

  @Test
  void otherwiseTheErrorListsThem() throws IOException {
    Path file = zip(true, Map.of("x.npy", X, "y.npy", Y));
    assertDataError(() -> DataSets.open(file.toString()), "holds x, y", "arrays.npz:ARRAY");
    assertDataError(() -> DataSets.open(file + ":z"), "no array z", "holds x, y");
    Path empty = zip(true, Map.of("readme.txt", new byte[3]));
    assertDataError(() -> DataSets.open(empty.toString()), "holds no array");
  }

  @Test
  void badFiles() throws IOException {
    assertDataError(() -> DataSets.open(folder.resolve("no.npz") + ":x"), "no such file");
    Path text = new Bytes().text("not a zip file").write(folder.resolve("text.npz"));
    assertDataError(() -> DataSets.open(text.toString()), "text.npz", "not an NPZ");
    Path cut = zip(true, Map.of("x.npy", Arrays.copyOf(X, X.length - 1)));
    assertDataError(() -> DataSets.open(cut.toString()), "arrays.npz:x", "truncated");
    Path other = zip(true, Map.of("x.npy", new byte[100]));
    assertDataError(() -> DataSets.open(other.toString()), "arrays.npz:x", "not an NPY");
    Path nan = zip(true, Map.of("x.npy", Bytes.npy("<f4", false, "(1,)").f32(Float.NaN).array()));
    assertDataError(() -> DataSets.open(nan + ":x"), "row 0, column 0", "NaN");
  }
}
