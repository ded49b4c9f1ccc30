// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.data.PictureOptions.Fit;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PictureScalerTest {
  private static Picture picture(int width, int channels, int... values) {
    byte[] pixels = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      pixels[i] = (byte) values[i];
    }
    return new Picture(new ImageShape(width, values.length / width / channels, channels), pixels);
  }

  private static int[] values(Picture picture) {
    int[] values = new int[picture.pixels().length];
    Arrays.setAll(values, i -> Byte.toUnsignedInt(picture.pixels()[i]));
    return values;
  }

  @Test
  void aPictureOfTheSizeStays() {
    int[] values = {0, 255, 3, 90, 17, 254};
    for (Fit fit : Fit.values()) {
      assertArrayEquals(values, values(PictureScaler.fit(picture(3, 1, values), 3, 2, fit)));
      assertArrayEquals(values, values(PictureScaler.fit(picture(1, 3, values), 1, 2, fit)));
    }
  }

  @Test
  void cropTakesTheMiddle() {
    Picture wide = picture(5, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertArrayEquals(new int[] {2, 3, 7, 8}, values(PictureScaler.fit(wide, 2, 2, Fit.CROP)));
    Picture high = picture(1, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertArrayEquals(new int[] {4, 5, 6}, values(PictureScaler.fit(high, 1, 1, Fit.CROP)));
  }

  @Test
  void padHasBarsOfZero() {
    Picture wide = picture(2, 3, 1, 2, 3, 4, 5, 6);
    assertArrayEquals(
        new int[] {0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0},
        values(PictureScaler.fit(wide, 2, 3, Fit.PAD)));
    Picture high = picture(1, 1, 7, 8);
    assertArrayEquals(
        new int[] {0, 7, 0, 0, 0, 8, 0, 0}, values(PictureScaler.fit(high, 4, 2, Fit.PAD)));
    Picture line = picture(100, 1, new int[100]);
    assertEquals(new ImageShape(8, 8, 1), PictureScaler.fit(line, 8, 8, Fit.PAD).shape());
  }

  /** The distances of the first three pixels are 1/4, 1/4 and 3/4 of 2 pixels: 3, 3, 1 sevenths. */
  @Test
  void shrinkingIsAMeanOfAllPixels() {
    Picture line = picture(4, 1, 0, 10, 40, 50);
    assertArrayEquals(new int[] {10, 40}, values(PictureScaler.fit(line, 2, 1, Fit.STRETCH)));
    // A grid of single pixels becomes grey: nothing is skipped.
    int[] grid = new int[64 * 64];
    Arrays.setAll(grid, i -> (i / 64 + i % 64) % 2 * 255);
    for (int value : values(PictureScaler.fit(picture(64, 1, grid), 8, 8, Fit.STRETCH))) {
      assertEquals(127.5, value, 2);
    }
  }

  @Test
  void growingIsLinear() {
    Picture line = picture(2, 1, 0, 100);
    assertArrayEquals(
        new int[] {0, 25, 75, 100}, values(PictureScaler.fit(line, 4, 1, Fit.STRETCH)));
  }

  @Test
  void oneColourStays() {
    int[] same = new int[7 * 5 * 3];
    for (int i = 0; i < same.length; i++) {
      same[i] = new int[] {255, 3, 128}[i % 3];
    }
    for (Fit fit : new Fit[] {Fit.CROP, Fit.STRETCH}) {
      int[] scaled = values(PictureScaler.fit(picture(7, 3, same), 11, 2, fit));
      for (int i = 0; i < scaled.length; i++) {
        assertEquals(same[i % 3], scaled[i]);
      }
    }
  }
}
