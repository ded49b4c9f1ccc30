// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;

/** Series as plots. */
class PicturedTest {
  private static final ImageShape TWO = ImageShape.series(40, 2);

  /** A row whose first channel has a value and whose second has another. */
  private static Matrix row(float first, float second) {
    Matrix row = Matrix.zeros(1, 80);
    for (int i = 0; i < 80; i++) {
      row.values()[i] = i % 2 == 0 ? first : second;
    }
    return row;
  }

  /** The number of a plot's lines with pixels that are not white, and the first and last one. */
  private static int[] drawn(Matrix rows, int number) {
    Pictured plots = Pictured.of(TWO, rows);
    ImageShape shape = plots.shape();
    int count = 0;
    int first = -1;
    int last = -1;
    for (int y = 0; y < shape.height(); y++) {
      boolean any = false;
      for (int x = shape.width() / 4; x < shape.width() / 2; x++) {
        int pixel = (y * shape.width() + x) * 3;
        float sum = 0;
        for (int c = 0; c < 3; c++) {
          sum += plots.rows().at(number, pixel + c);
        }
        any |= sum < 2.7f;
      }
      if (any) {
        count++;
        first = first < 0 ? y : first;
        last = y;
      }
    }
    return new int[] {count, first, last};
  }

  @Test
  void eachChannelIsALineOnOneScale() {
    int[] lines = drawn(row(-1, 1), 0);
    assertTrue(lines[0] >= 2 && lines[0] <= 6, "lines " + lines[0]);
    assertTrue(lines[1] < 10, "the greater value is above: " + lines[1]);
    assertTrue(lines[2] > 70, "the lesser value is below: " + lines[2]);
    Matrix both = Matrix.zeros(2, 80);
    System.arraycopy(row(-1, 1).values(), 0, both.values(), 0, 80);
    int[] zero = drawn(both, 1);
    assertTrue(zero[1] > 35 && zero[2] < 45, "0 is in the middle: " + zero[1] + " " + zero[2]);
  }

  @Test
  void missingAndInfiniteValuesAreNotDrawn() {
    assertEquals(0, drawn(row(Float.NaN, Float.POSITIVE_INFINITY), 0)[0]);
    int[] lines = drawn(row(Float.NaN, 3), 0);
    assertTrue(lines[0] >= 1 && lines[0] <= 3, "lines " + lines[0]);
  }

  @Test
  void imagesStay() {
    ImageShape image = new ImageShape(2, 2, 1);
    Matrix rows = Matrix.zeros(1, 4);
    assertSame(rows, Pictured.of(image, rows).rows());
    assertTrue(Pictured.isPossible(image) && Pictured.isPossible(TWO));
    assertFalse(Pictured.isPossible(new ImageShape(2, 2, 4)));
  }
}
