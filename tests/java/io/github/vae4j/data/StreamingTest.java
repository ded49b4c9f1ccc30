// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.tensor.DType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamingTest {
  @TempDir Path folder;

  @Test
  void fileBeyondTwoGibibytes() throws IOException {
    int rows = 2_500;
    int features = 1_000_003;
    Path file = folder.resolve("sparse");
    byte[] header = Bytes.idx(0x08, rows, features).array();
    int[] marked = {0, 1_072, 1_073, 1_074, 2_147, 2_148, 2_499};
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(header.length + (long) rows * features);
      sparse.write(header);
      for (int row : marked) {
        sparse.seek(header.length + (long) row * features);
        sparse.write(row % 251 + 1);
        sparse.seek(header.length + (long) (row + 1) * features - 1);
        sparse.write(row % 13 + 1);
      }
    }
    try (DataSet set = DataSets.open("idx:" + file, new OpenOptions(1 << 20))) {
      assertFalse(set.resident());
      assertEquals(rows, set.rows());
      for (int row : marked) {
        ByteBuffer raw = ByteBuffer.allocate(features).order(ByteOrder.nativeOrder());
        set.read(row, 1, raw);
        assertEquals(row % 251 + 1, Byte.toUnsignedInt(raw.get(0)));
        assertEquals(row % 13 + 1, raw.get(features - 1));
        assertEquals(0, raw.get(1));
      }
      ByteBuffer across = ByteBuffer.allocate(3 * features).order(ByteOrder.nativeOrder());
      set.read(1_072, 3, across);
      for (int i = 0; i < 3; i++) {
        assertEquals((1_072 + i) % 251 + 1, Byte.toUnsignedInt(across.get(i * features)));
      }
    }
  }

  @Test
  void severalThreadsReadTheSame() throws IOException {
    int rows = 500;
    Bytes bytes = Bytes.npy(">f8", false, "(500, 3)");
    for (int i = 0; i < rows * 3; i++) {
      bytes.f64(i * 0.5);
    }
    Path file = bytes.write(folder.resolve("doubles.npy"));
    try (DataSet set = DataSets.open(file.toString(), new OpenOptions(0))) {
      boolean same =
          IntStream.range(0, 4_000)
              .parallel()
              .allMatch(
                  i -> {
                    int row = i * 7 % rows;
                    float[] values = DataSets.values(set, row, 1).values();
                    return values[0] == row * 1.5f && values[2] == row * 1.5f + 1;
                  });
      assertTrue(same);
    }
  }

  @Test
  void closedStreamCannotBeRead() throws IOException {
    Path file = Bytes.npy("<f4", false, "(1, 1)").f32(3).write(folder.resolve("one.npy"));
    DataSet set = DataSets.open(file.toString(), new OpenOptions(0));
    DataSet view = DataSets.head(set, 1);
    assertFalse(view.resident());
    assertArrayEquals(new float[] {3}, DataSets.values(view, 0, 1).values());
    set.close();
    Thrown.says(IllegalStateException.class, () -> DataSets.values(view, 0, 1), "closed");
  }

  @Test
  void limitComesFromOptionsOrProperty() throws IOException {
    Path file = Bytes.npy("<f4", false, "(1, 1)").f32(3).write(folder.resolve("one.npy"));
    assertTrue(residentWith("132", file));
    assertFalse(residentWith("131", file));
    Thrown.says(
        IllegalArgumentException.class,
        () -> residentWith("1GB", file),
        "vae4j.data.resident",
        "1GB");
    Thrown.says(IllegalArgumentException.class, () -> residentWith("-1", file), "-1");
    assertTrue(OpenOptions.defaults().residentBytes() > 1 << 20);
  }

  private static boolean residentWith(String property, Path file) {
    System.setProperty(OpenOptions.RESIDENT_PROPERTY, property);
    try (DataSet set = DataSets.open(file.toString())) {
      return set.resident();
    } finally {
      System.clearProperty(OpenOptions.RESIDENT_PROPERTY);
    }
  }

  @Test
  void residentRowsInSeveralChunks() {
    int features = 20_000_000;
    HeapRows heap = new HeapRows("wide", DType.UINT8, features);
    for (int row = 0; row < 5; row++) {
      ByteBuffer values = ByteBuffer.allocate(features);
      values.put(0, (byte) (row + 1)).put(features - 1, (byte) (row + 101));
      heap.put(row, values, 0);
    }
    RowSource source = heap.build(5);
    ByteBuffer target = ByteBuffer.allocate(4 * features).order(ByteOrder.nativeOrder());
    source.read(1, 4, target);
    for (int i = 0; i < 4; i++) {
      assertEquals(i + 2, target.get(i * features));
      assertEquals(i + 102, target.get((i + 1) * features - 1));
    }
  }

  @Test
  void rowsThatDoNotFitAreRefusedAtOnce() {
    HeapRows heap = new HeapRows("large", DType.FLOAT32, 100_000);
    Failures.assertDataError(() -> heap.reserve(Integer.MAX_VALUE), "large", "-Xmx", "streamed");
    Failures.assertDataError(() -> new HeapRows("long", DType.FLOAT32, 1 << 29), "long", "2 GiB");
  }
}
