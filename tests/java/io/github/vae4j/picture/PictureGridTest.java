// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.VaeException;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureGridTest {
  private static final int B = PictureGrid.BACKGROUND;

  private static int[] samples(BufferedImage picture) {
    Raster raster = picture.getRaster();
    return raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
  }

  @Test
  void greyImagesPixelByPixel() {
    PictureGrid grid = new PictureGrid(new ImageShape(2, 1, 1), 2, 1, 1);
    Matrix rows = new Matrix(3, 2, new float[] {0, 1, 0.5f, 0.25f, 1, 0});
    int[] expected = {
      B, B, B, B, B, B, B,
      B, 0, 255, B, 128, 64, B,
      B, B, B, B, B, B, B,
      B, 255, 0, B, B, B, B,
      B, B, B, B, B, B, B
    };
    BufferedImage picture = grid.draw(rows);
    assertEquals(7, picture.getWidth());
    assertEquals(5, picture.getHeight());
    assertArrayEquals(expected, samples(picture));
  }

  @Test
  void zoomMakesSquares() {
    PictureGrid grid = new PictureGrid(new ImageShape(1, 2, 1), 1, 2, 0);
    assertArrayEquals(
        new int[] {255, 255, 255, 255, 0, 0, 0, 0},
        samples(grid.draw(new Matrix(1, 2, new float[] {1, 0}))));
  }

  @Test
  void coloursKeepTheirChannel() {
    PictureGrid grid = new PictureGrid(new ImageShape(1, 1, 3), 1, 1, 0);
    assertArrayEquals(
        new int[] {255, 0, 51}, samples(grid.draw(new Matrix(1, 3, new float[] {1, 0, 0.2f}))));
  }

  @Test
  void valuesOutsideAreClippedAndNanIsBlack() {
    PictureGrid grid = new PictureGrid(new ImageShape(4, 1, 1), 1, 1, 0);
    float[] values = {-3, 7, Float.NaN, Float.POSITIVE_INFINITY};
    assertArrayEquals(new int[] {0, 255, 0, 255}, samples(grid.draw(new Matrix(1, 4, values))));
  }

  @Test
  void smallImagesAreEnlargedAndLargeOnesAreNot() {
    assertEquals(2, PictureGrid.of(new ImageShape(28, 28, 1), 8).zoom());
    assertEquals(7, PictureGrid.of(new ImageShape(8, 6, 1), 8).zoom());
    assertEquals(1, PictureGrid.of(new ImageShape(640, 480, 3), 8).zoom());
  }

  @Test
  void pairsAlternate() {
    Matrix left = new Matrix(2, 1, new float[] {1, 2});
    Matrix right = new Matrix(2, 1, new float[] {3, 4});
    Matrix both = PictureGrid.pairs(left, right);
    assertEquals(4, both.rows());
    assertArrayEquals(new float[] {1, 3, 2, 4}, both.values());
    assertThrows(IllegalArgumentException.class, () -> PictureGrid.pairs(left, Matrix.zeros(3, 1)));
  }

  @Test
  void wrongWidthIsNamed() {
    PictureGrid grid = PictureGrid.of(new ImageShape(2, 2, 1), 2);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> grid.draw(Matrix.zeros(1, 5)));
    assertEquals("picture: expected rows of 4 values (2 x 2 x 1), given (1, 5)", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> grid.draw(Matrix.zeros(0, 4)));
    assertThrows(IllegalArgumentException.class, () -> new PictureGrid(grid.shape(), 0, 1, 0));
  }

  @Test
  void pngHasTheSameSamples(@TempDir Path folder) throws IOException {
    PictureGrid grid = new PictureGrid(new ImageShape(3, 3, 3), 2, 2, 1);
    Matrix rows = Matrix.zeros(3, 27);
    for (int i = 0; i < rows.values().length; i++) {
      rows.values()[i] = i / 80f;
    }
    Path file = folder.resolve("new folder/grid.png");
    grid.write(rows, file);
    grid.write(rows, file);
    assertArrayEquals(samples(grid.draw(rows)), samples(ImageIO.read(file.toFile())));
    try (var files = Files.list(folder.resolve("new folder"))) {
      assertEquals(1, files.count(), "no temporary file stays");
    }
  }

  @Test
  void aFolderInTheWayIsAnError(@TempDir Path folder) {
    PictureGrid grid = PictureGrid.of(new ImageShape(1, 1, 1), 1);
    VaeException e = assertThrows(VaeException.class, () -> grid.write(Matrix.zeros(1, 1), folder));
    assertTrue(String.valueOf(e.getMessage()).contains(folder.toString()), e.getMessage());
  }
}
