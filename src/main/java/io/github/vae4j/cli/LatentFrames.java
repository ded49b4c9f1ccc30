// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.cli.run.Pictured;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.picture.PictureGrid;
import io.github.vae4j.tensor.Matrix;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** The pictures of an animation: for each step of several lines of rows the images of this step. */
final class LatentFrames {
  /** A single image is as large as this, if it is smaller. */
  private static final int PIXELS = 224;

  private static final int GAP = 2;

  private LatentFrames() {}

  /**
   * Draws the pictures.
   *
   * @param image the shape of a row
   * @param rows (lines * steps, D), line after line
   * @param lines the number of lines, whose images stand beside each other
   * @param names of the lines, below their images; empty for none
   * @param titles of the steps
   * @return a picture for each step
   */
  static List<BufferedImage> of(
      ImageShape image, Matrix rows, int lines, List<String> names, List<String> titles) {
    Pictured drawn = Pictured.of(image, rows);
    ImageShape shape = drawn.shape();
    int columns = drawn.rows().columns();
    int across = (int) Math.ceil(Math.sqrt(lines));
    int side = Math.max(shape.width(), shape.height());
    int zoom = Math.max(1, PIXELS / (lines == 1 ? 1 : 2) / side);
    PictureGrid grid = new PictureGrid(shape, across, zoom, GAP);
    int steps = titles.size();
    List<BufferedImage> pictures = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      Matrix shown = Matrix.zeros(lines, columns);
      for (int line = 0; line < lines; line++) {
        System.arraycopy(
            drawn.rows().values(),
            (line * steps + step) * columns,
            shown.values(),
            line * columns,
            columns);
      }
      pictures.add(grid.draw(shown, GridLabels.titled(titles.get(step)).cells(names)));
    }
    return pictures;
  }
}
