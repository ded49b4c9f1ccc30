// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinarizeTest {
  @TempDir Path folder;

  @Test
  void everyDrawIsItsCoordinates() {
    int features = 11;
    float[] values = new float[7 * features];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / (float) (values.length - 1);
    }
    Matrix matrix = new Matrix(7, features, values);
    DataSet set = DataSets.binarizeFixed(DataSets.of(matrix), -99);
    assertEquals(DType.UINT8, set.type());
    assertEquals(1, set.scale());
    Matrix drawn = DataSets.values(set, 0, 7);
    for (int row = 0; row < 7; row++) {
      for (int column = 0; column < features; column++) {
        double u = Philox.uniform(-99, Stream.BINARIZE_FIXED, 0, row, column);
        assertEquals(u < matrix.at(row, column) ? 1 : 0, drawn.at(row, column));
      }
    }
  }

  @Test
  void zeroIsNeverAndOneIsAlwaysDrawn() {
    float[] values = new float[2_000];
    Arrays.fill(values, 1_000, 2_000, 1);
    DataSet set = DataSets.binarizeFixed(DataSets.of(new Matrix(2, 1_000, values)), 4);
    assertArrayEquals(values, DataSets.values(set, 0, 2).values());
  }

  @Test
  void greyValuesAreProbabilities() throws IOException {
    Bytes bytes = Bytes.idx(0x08, 1, 100, 100);
    for (int i = 0; i < 10_000; i++) {
      bytes.u8(51);
    }
    Path file = bytes.write(folder.resolve("grey"));
    try (DataSet grey = DataSets.open("idx:" + file)) {
      DataSet set = DataSets.binarizeFixed(grey, 1);
      assertEquals(new ImageShape(100, 100, 1), set.image());
      float[] drawn = DataSets.values(set, 0, 1).values();
      double ones = IntStream.range(0, drawn.length).mapToDouble(i -> drawn[i]).sum();
      // 10,000 draws at 0.2 have a standard deviation of 40.
      assertEquals(2_000, ones, 5 * 40);
    }
  }

  @Test
  void streamedSetDrawsTheSameWhenItIsRead() throws IOException {
    Bytes bytes = Bytes.npy("<f4", false, "(300, 5)");
    for (int i = 0; i < 1_500; i++) {
      bytes.f32(i % 97 / 96f);
    }
    String file = bytes.write(folder.resolve("values.npy")).toString();
    try (DataSet resident = DataSets.open(file, new OpenOptions(Long.MAX_VALUE));
        DataSet streamed = DataSets.open(file, new OpenOptions(0))) {
      DataSet once = DataSets.binarizeFixed(resident, 8);
      DataSet onDemand = DataSets.binarizeFixed(streamed, 8);
      assertTrue(once.resident());
      assertFalse(onDemand.resident());
      float[] whole = DataSets.values(once, 0, 300).values();
      assertArrayEquals(whole, DataSets.values(onDemand, 0, 300).values());
      assertArrayEquals(
          Arrays.copyOfRange(whole, 500, 600), DataSets.values(onDemand, 100, 20).values());
      resident.close();
      assertArrayEquals(whole, DataSets.values(once, 0, 300).values());
    }
  }

  @Test
  void mnistKeepsItsLabels() {
    try (DataSet set = DataSets.open("mnist:test")) {
      DataSet bits = DataSets.binarizeFixed(set, 3);
      assertEquals(7, bits.label(0));
      assertEquals(set.name(), bits.name());
      double sum = 0;
      double expected = 0;
      for (int at = 0; at < 10_000; at += 1_000) {
        for (float value : DataSets.values(bits, at, 1_000).values()) {
          sum += value;
        }
        for (float value : DataSets.values(set, at, 1_000).values()) {
          expected += value;
        }
      }
      // The variance is the sum of v (1 - v), below 0.25 a value: five deviations are 7,000.
      assertEquals(expected, sum, 7_000);
    }
  }

  @Test
  void valuesOutsideTheUnitIntervalAreNamed() {
    assertDataError(
        () -> DataSets.binarizeFixed(DataSets.of(new float[][] {{0, 1}, {0.5f, 1.5f}}), 1),
        "row 1, column 1",
        "1.5");
    assertDataError(
        () -> DataSets.binarizeFixed(DataSets.of(new float[][] {{-0.25f, 1}}), 1),
        "row 0, column 0",
        "-0.25");
  }
}
