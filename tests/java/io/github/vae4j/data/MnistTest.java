// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;

class MnistTest {
  /** Counted from the published label files. */
  private static final int[] TEST_DIGITS = {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009};

  @Test
  void trainingSetIsTheSixtyThousandImages() {
    try (DataSet set = DataSets.open("mnist")) {
      assertEquals(60_000, set.rows());
      assertEquals(784, set.features());
      assertEquals(DType.UINT8, set.type());
      assertEquals(1f / 255, set.scale());
      assertEquals(new ImageShape(28, 28, 1), set.image());
      assertTrue(set.resident());
      int[] first = new int[5];
      for (int i = 0; i < 5; i++) {
        first[i] = set.label(i);
      }
      assertArrayEquals(new int[] {5, 0, 4, 1, 9}, first);
      // The published mean of the training pixels is 0.1307.
      double sum = 0;
      for (int at = 0; at < 60_000; at += 10_000) {
        for (float value : DataSets.values(set, at, 10_000).values()) {
          sum += value;
        }
      }
      assertEquals(0.1307, sum / (60_000.0 * 784), 5e-5);
    }
  }

  @Test
  void testSetHasTheKnownNumberOfEachDigit() {
    try (DataSet set = DataSets.open("mnist:test")) {
      assertEquals(10_000, set.rows());
      int[] digits = new int[10];
      for (int row = 0; row < set.rows(); row++) {
        digits[set.label(row)]++;
      }
      assertArrayEquals(TEST_DIGITS, digits);
      Matrix seven = DataSets.values(set, 0, 1);
      assertEquals(0, seven.at(0, 0));
      assertEquals(84 / 255f, seven.at(0, 7 * 28 + 6), 1e-7);
    }
  }

  @Test
  void testSetBelongsToTrainingSet() {
    assertEquals("mnist:test", DataSets.testSpecOf("mnist"));
    assertEquals("mnist:test", DataSets.testSpecOf("mnist:train"));
    assertNull(DataSets.testSpecOf("mnist:test"));
    assertNull(DataSets.testSpecOf("some.csv"));
  }

  @Test
  void missingResourceNamesTheArtifact() {
    Failures.assertDataError(() -> Mnist.resource("none.gz"), "none.gz", "classifier mnist");
  }
}
