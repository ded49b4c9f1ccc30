// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
  /** Row i holds the number i. */
  private static DataSet numbers(int rows) {
    float[] values = new float[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = i;
    }
    return DataSets.of(new Matrix(rows, 1, values));
  }

  private static int[] rowsOf(DataSet set) {
    float[] values = DataSets.values(set, 0, set.rows()).values();
    return IntStream.range(0, values.length).map(i -> (int) values[i]).toArray();
  }

  @Test
  void everyRowIsInExactlyOnePartInItsOrder() {
    Split split = DataSets.split(numbers(1_000), 0.1, 7);
    int[] train = rowsOf(split.train());
    int[] validation = rowsOf(split.validation());
    assertEquals(900, train.length);
    assertEquals(100, validation.length);
    int[] all = IntStream.concat(Arrays.stream(train), Arrays.stream(validation)).toArray();
    assertArrayEquals(IntStream.range(0, 1_000).toArray(), Arrays.stream(all).sorted().toArray());
    assertArrayEquals(Arrays.stream(train).sorted().toArray(), train);
    assertArrayEquals(Arrays.stream(validation).sorted().toArray(), validation);
  }

  @Test
  void rowsOfLeastWordsAreHeldOut() {
    int[] expected =
        IntStream.range(0, 50)
            .boxed()
            .sorted(
                Comparator.comparingLong(
                    row -> Integer.toUnsignedLong(Philox.word(-3, Stream.SPLIT, 0, row, 0))))
            .limit(10)
            .mapToInt(row -> row)
            .sorted()
            .toArray();
    assertArrayEquals(expected, rowsOf(DataSets.split(numbers(50), 0.2, -3).validation()));
  }

  @Test
  void dependsOnTheSeedAlone() {
    int[] first = rowsOf(DataSets.split(numbers(100), 0.3, 1).validation());
    assertArrayEquals(first, rowsOf(DataSets.split(numbers(100), 0.3, 1).validation()));
    assertFalse(Arrays.equals(first, rowsOf(DataSets.split(numbers(100), 0.3, 2).validation())));
  }

  @Test
  void heldOutRowsAreSpreadEvenly() {
    int[] rows = rowsOf(DataSets.split(numbers(100_000), 0.5, 11).validation());
    double mean = Arrays.stream(rows).average().orElseThrow();
    // The standard error of the mean of half of the rows without replacement is 91.
    assertEquals(49_999.5, mean, 5 * 91);
  }

  @Test
  void smallAndExtreme() {
    Split two = DataSets.split(numbers(2), 0.999, 1);
    assertEquals(1, two.train().rows());
    assertEquals(1, two.validation().rows());
    assertEquals(1, DataSets.split(numbers(10), 1e-9, 1).validation().rows());
    Thrown.says(IllegalArgumentException.class, () -> DataSets.split(numbers(1), 0.5, 1), "2 rows");
    for (double fraction : new double[] {0, 1, -0.1, 1.5, Double.NaN}) {
      Thrown.says(
          IllegalArgumentException.class,
          () -> DataSets.split(numbers(5), fraction, 1),
          "fraction",
          "given " + fraction);
    }
  }

  @Test
  void labelsGoWithTheirRows() {
    try (DataSet set = DataSets.open("mnist:test")) {
      Split split = DataSets.split(set, 0.25, 5);
      assertEquals(7_500, split.train().rows());
      assertTrue(split.train().resident());
      int[] digits = new int[10];
      for (DataSet part : new DataSet[] {split.train(), split.validation()}) {
        for (int row = 0; row < part.rows(); row++) {
          digits[part.label(row)]++;
        }
      }
      assertArrayEquals(new int[] {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, digits);
    }
  }
}
