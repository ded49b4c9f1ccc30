// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GridLabelsTest {
  private static final ImageShape SMALL = new ImageShape(8, 8, 1);

  /** Whether a part of a picture has another value than the background. */
  private static boolean written(BufferedImage picture, int x, int y, int width, int height) {
    for (int j = y; j < y + height; j++) {
      for (int i = x; i < x + width; i++) {
        if (picture.getRaster().getSample(i, j, 0) > PictureGrid.BACKGROUND + 60) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void imagesAreEnlargedUntilLabelsFit() {
    Lettering lettering = Lettering.open();
    assertNotNull(lettering);
    GridLabels labels = GridLabels.NONE.columns(List.of("original", "reconstruction"));
    PictureGrid grid = PictureGrid.of(SMALL, 2, labels);
    int width = SMALL.width() * grid.zoom();
    assertTrue(width >= lettering.width("reconstruction"), "" + width);
    assertTrue(width < lettering.width("reconstruction") + 3 * SMALL.width(), "" + width);
    assertEquals(
        PictureGrid.of(SMALL, 2), PictureGrid.of(SMALL, 2, GridLabels.NONE.columns(List.of("7"))));
    GridLabels endless = GridLabels.NONE.cells(List.of("a".repeat(5000)));
    assertTrue(SMALL.width() * PictureGrid.of(SMALL, 2, endless).zoom() < 140);
  }

  @Test
  void everyTextStandsInItsPlaceAndCoversNoImage() {
    PictureGrid grid = new PictureGrid(SMALL, 2, 5, 2);
    Matrix black = Matrix.zeros(3, 64);
    int line = Lettering.HEIGHT;
    BufferedImage plain = grid.draw(black);
    BufferedImage titled = grid.draw(black, GridLabels.titled("Titel"));
    assertEquals(plain.getHeight() + line, titled.getHeight());
    assertTrue(written(titled, 0, 0, titled.getWidth(), line));

    BufferedImage columns = grid.draw(black, GridLabels.NONE.columns(List.of("", "AB")));
    assertEquals(plain.getWidth(), columns.getWidth());
    assertFalse(written(columns, 0, 0, 44, line));
    assertTrue(written(columns, 44, 0, 40, line));

    BufferedImage lines = grid.draw(black, GridLabels.NONE.lines(List.of("one", "two")));
    int margin = lines.getWidth() - plain.getWidth();
    assertTrue(margin > 10, "" + margin);
    assertTrue(written(lines, 0, 0, margin, 42) && written(lines, 0, 44, margin, 40));

    BufferedImage cells = grid.draw(black, GridLabels.NONE.cells(List.of("5", "", "7")));
    assertEquals(plain.getHeight() + 2 * line, cells.getHeight());
    assertTrue(written(cells, 2, 42, 40, line));
    assertFalse(written(cells, 44, 42, 40, line));
    for (BufferedImage picture : List.of(titled, columns, lines, cells)) {
      int count = 0;
      for (int i = 0; i < picture.getWidth() * picture.getHeight(); i++) {
        int x = i % picture.getWidth();
        count += picture.getRaster().getSample(x, i / picture.getWidth(), 0) == 0 ? 1 : 0;
      }
      assertEquals(3 * 40 * 40, count, "pixels of images");
    }
  }

  /** A text that is cut would end in another picture than the same text before a blank. */
  @Test
  void theLastLetterIsWhole() {
    Lettering lettering = Lettering.open();
    assertNotNull(lettering);
    for (String text : List.of("reconstruction", "latent 12", "-2.40")) {
      int[][] drawn = new int[2][];
      for (int i = 0; i < 2; i++) {
        BufferedImage line = new BufferedImage(200, 17, BufferedImage.TYPE_BYTE_GRAY);
        lettering.drawLeft(line.getRaster(), i == 0 ? text : text + "   ", 0, 0, 200);
        drawn[i] = line.getRaster().getPixels(0, 0, 200, 17, (int[]) null);
      }
      assertArrayEquals(drawn[1], drawn[0], text);
    }
  }

  @Test
  void longTextsAreShortenedAndWideTitlesWidenThePicture() {
    PictureGrid grid = new PictureGrid(new ImageShape(4, 4, 3), 1, 5, 2);
    Matrix one = Matrix.zeros(1, 48);
    String text = "a class with a name that is far too long for an image \u65e5\u672c";
    BufferedImage cell = grid.draw(one, GridLabels.NONE.cells(List.of(text)));
    assertEquals(grid.draw(one).getWidth(), cell.getWidth());
    BufferedImage titled = grid.draw(one, GridLabels.titled(text));
    assertTrue(titled.getWidth() > 200, "" + titled.getWidth());
  }
}
