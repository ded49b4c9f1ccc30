// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.picture;

import io.github.vae4j.VaeException;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.SizeException;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Draws the rows of a matrix as a grid of images, left to right, then down. A value of 0 is black,
 * 1 is full intensity, other values are clipped, and NaN is black. A grey line separates the cells;
 * cells without a row are grey. A picture may have a title and labels.
 *
 * @param shape of a row as an image
 * @param columns images in a line of the grid
 * @param zoom the side of the square that a value becomes, in pixels
 * @param gap pixels between images and around the grid
 */
public record PictureGrid(ImageShape shape, int columns, int zoom, int gap) {
  /** The grey of gaps and of cells without a row. */
  public static final int BACKGROUND = 64;

  private static final int READABLE_PIXELS = 56;

  /** A label that is longer is shortened, and does not enlarge the images further. */
  private static final int WIDEST_LABEL = 120;

  private static final int MARGIN = 4;

  /** Of Java's raster, whose samples are in one array. */
  private static final long MOST_PIXELS = Integer.MAX_VALUE - 8;

  /** Checks the sizes. {@inheritDoc} */
  public PictureGrid {
    shape.requireColours("picture");
    require("columns", columns, 1);
    require("zoom", zoom, 1);
    require("gap", gap, 0);
  }

  /**
   * A grid with small images enlarged.
   *
   * @param shape of a row as an image
   * @param columns images in a line of the grid
   * @return the grid
   */
  public static PictureGrid of(ImageShape shape, int columns) {
    int side = Math.max(shape.width(), shape.height());
    return new PictureGrid(shape, columns, Math.max(1, READABLE_PIXELS / side), 2);
  }

  /**
   * A grid with small images enlarged so far that labels fit over and under them.
   *
   * @param shape of a row as an image
   * @param columns images in a line of the grid
   * @param labels of the pictures to be drawn
   * @return the grid
   */
  public static PictureGrid of(ImageShape shape, int columns, GridLabels labels) {
    PictureGrid plain = of(shape, columns);
    Lettering lettering = Lettering.open();
    if (lettering == null) {
      return plain;
    }
    int widest = Math.max(lettering.widest(labels.columns()), lettering.widest(labels.cells()));
    int needed = widest == 0 ? 1 : Math.min(widest, WIDEST_LABEL) + MARGIN;
    int zoom = (needed + shape.width() - 1) / shape.width();
    return new PictureGrid(shape, columns, Math.max(plain.zoom, zoom), plain.gap);
  }

  /**
   * Alternates the rows of two matrices, for grids with an even number of columns.
   *
   * @param left (n, D)
   * @param right (n, D)
   * @return (2 n, D): left row 0, right row 0, left row 1, ...
   */
  public static Matrix pairs(Matrix left, Matrix right) {
    if (left.rows() != right.rows() || left.columns() != right.columns()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "pairs: expected equal shapes, given (%d, %d) and (%d, %d)",
              left.rows(),
              left.columns(),
              right.rows(),
              right.columns()));
    }
    int width = left.columns();
    Matrix both = Matrix.zeros(Math.multiplyExact(2, left.rows()), width);
    for (int row = 0; row < left.rows(); row++) {
      System.arraycopy(left.values(), row * width, both.values(), 2 * row * width, width);
      System.arraycopy(right.values(), row * width, both.values(), (2 * row + 1) * width, width);
    }
    return both;
  }

  /**
   * Draws the grid.
   *
   * @param rows (n, D), at least one row
   * @return a picture of 8-bit grey values or RGB
   * @throws IllegalArgumentException if rows are not images of the shape
   */
  public BufferedImage draw(Matrix rows) {
    return draw(rows, GridLabels.NONE);
  }

  /**
   * Draws the grid with texts. A text that is wider than its space is shortened; where Java has no
   * fonts the texts are left out.
   *
   * @param rows (n, D), at least one row
   * @param labels the texts
   * @return a picture of 8-bit grey values or RGB
   * @throws IllegalArgumentException if rows are not images of the shape
   */
  public BufferedImage draw(Matrix rows, GridLabels labels) {
    if (rows.columns() != shape.features() || rows.rows() < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "picture: expected rows of %d values (%d x %d x %d), given (%d, %d)",
              shape.features(),
              shape.width(),
              shape.height(),
              shape.channels(),
              rows.rows(),
              rows.columns()));
    }
    Lettering lettering = labels.equals(GridLabels.NONE) ? null : Lettering.open();
    Margins margins = lettering == null ? Margins.NONE : Margins.of(labels, lettering);
    int lines = (rows.rows() + columns - 1) / columns;
    long width = Math.max(margins.left() + extent(columns, shape.width(), 0), margins.width());
    long height = margins.top() + extent(lines, shape.height(), margins.caption());
    requireSize(rows.rows(), width, height);
    int type = shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage picture = new BufferedImage((int) width, (int) height, type);
    WritableRaster raster = picture.getRaster();
    fill(raster, 0, 0, raster.getWidth(), raster.getHeight(), BACKGROUND);
    for (int row = 0; row < rows.rows(); row++) {
      drawCell(raster, left(margins, row % columns), top(margins, row / columns), rows, row);
    }
    if (lettering != null) {
      write(lettering, raster, labels, margins, rows.rows());
    }
    return picture;
  }

  /** The pixels beside and between the images that texts take, and the width of the title. */
  private record Margins(int left, int top, int caption, int width) {
    static final Margins NONE = new Margins(0, 0, 0, 0);

    static Margins of(GridLabels labels, Lettering lettering) {
      int lines = Math.min(WIDEST_LABEL, lettering.widest(labels.lines()));
      int texts = (labels.title().isEmpty() ? 0 : 1) + (labels.columns().isEmpty() ? 0 : 1);
      return new Margins(
          lines == 0 ? 0 : lines + MARGIN,
          texts * Lettering.HEIGHT,
          labels.cells().isEmpty() ? 0 : Lettering.HEIGHT,
          labels.title().isEmpty() ? 0 : lettering.width(labels.title()) + 2 * MARGIN);
    }
  }

  private int left(Margins margins, int column) {
    return margins.left() + gap + column * (shape.width() * zoom + gap);
  }

  private int top(Margins margins, int line) {
    return margins.top() + gap + line * (shape.height() * zoom + margins.caption() + gap);
  }

  private void write(
      Lettering lettering, WritableRaster raster, GridLabels labels, Margins margins, int images) {
    int width = shape.width() * zoom;
    int height = shape.height() * zoom;
    lettering.drawLeft(raster, labels.title(), MARGIN, 0, raster.getWidth() - MARGIN);
    for (int i = 0; i < Math.min(columns, labels.columns().size()); i++) {
      int top = margins.top() - Lettering.HEIGHT;
      lettering.drawCentred(raster, labels.columns().get(i), left(margins, i), top, width);
    }
    int lines = (images + columns - 1) / columns;
    for (int i = 0; i < Math.min(lines, labels.lines().size()); i++) {
      int top = top(margins, i) + Math.max(0, (height - Lettering.HEIGHT) / 2);
      lettering.drawLeft(raster, labels.lines().get(i), MARGIN, top, margins.left() - MARGIN);
    }
    for (int i = 0; i < Math.min(images, labels.cells().size()); i++) {
      int top = top(margins, i / columns) + height;
      lettering.drawCentred(raster, labels.cells().get(i), left(margins, i % columns), top, width);
    }
  }

  /**
   * Draws the grid into a PNG file. An existing file is replaced when the new one is complete.
   *
   * @param rows (n, D), at least one row
   * @param file the file; its folder is created if it does not exist
   */
  public void write(Matrix rows, Path file) {
    write(draw(rows), file);
  }

  /**
   * Writes a picture as PNG. An existing file is replaced when the new one is complete.
   *
   * @param picture to write
   * @param file the file; its folder is created if it does not exist
   */
  public static void write(BufferedImage picture, Path file) {
    byte[] png = encode(picture);
    AtomicFiles.createFolderOf(file);
    AtomicFiles.write(file, out -> out.write(png));
  }

  /** In memory, because ImageIO hides the reason where a file cannot be written. */
  private static byte[] encode(BufferedImage picture) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var image = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(picture, "png", image)) {
        throw new VaeException("this Java has no PNG writer");
      }
    } catch (IOException e) {
      throw new VaeException("cannot make a PNG picture: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private long extent(int cells, int size, int caption) {
    return cells * ((long) size * zoom + caption + gap) + gap;
  }

  private static void requireSize(int images, long width, long height) {
    if (width > MOST_PIXELS || height > MOST_PIXELS || width * height > MOST_PIXELS) {
      throw new SizeException(
          String.format(
              Locale.ROOT,
              "picture: a grid of %d images has %d x %d pixels, and at most %d in all are possible",
              images,
              width,
              height,
              MOST_PIXELS));
    }
  }

  private void drawCell(WritableRaster raster, int left, int top, Matrix rows, int row) {
    int channels = shape.channels();
    int at = row * rows.columns();
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        for (int channel = 0; channel < channels; channel++) {
          int grey = Math.round(255 * Math.max(0, Math.min(1, rows.values()[at++])));
          fillBand(raster, left + x * zoom, top + y * zoom, zoom, zoom, channel, grey);
        }
      }
    }
  }

  private static void fill(WritableRaster raster, int x, int y, int width, int height, int value) {
    for (int band = 0; band < raster.getNumBands(); band++) {
      fillBand(raster, x, y, width, height, band, value);
    }
  }

  private static void fillBand(
      WritableRaster raster, int x, int y, int width, int height, int band, int value) {
    for (int j = y; j < y + height; j++) {
      for (int i = x; i < x + width; i++) {
        raster.setSample(i, j, band, value);
      }
    }
  }

  private static void require(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "picture " + name + ": expected " + least + " or more, given " + value);
    }
  }
}
