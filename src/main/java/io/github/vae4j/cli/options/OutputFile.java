// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Pictured;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.data.Csv;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.data.Npy;
import io.github.vae4j.data.ParquetFile;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.picture.AnimatedGif;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.picture.PictureGrid;
import io.github.vae4j.tensor.Matrix;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A file for rows of output. The extension of its name gives its kind.
 *
 * @param path its place
 * @param kind its format
 */
public record OutputFile(Path path, Kind kind) {
  /** Between the pictures of an animation. */
  private static final int MILLISECONDS = 150;

  /** The kinds of files. */
  public enum Kind {
    /** A picture. */
    PNG,
    /** Pictures that follow each other. */
    GIF,
    /** An array of NumPy. */
    NPY,
    /** Comma-separated values. */
    CSV,
    /** A table of Parquet, which DuckDB writes. */
    PARQUET
  }

  /**
   * The file of a name.
   *
   * @param text the name
   * @param ends what the name of the command's file can end in, for the message
   */
  static OutputFile parse(String text, String ends) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (Kind kind : Kind.values()) {
      if (lower.endsWith("." + kind.name().toLowerCase(Locale.ROOT))) {
        return new OutputFile(Path.of(text), kind);
      }
    }
    throw new IllegalArgumentException(
        "expected a name that ends in " + ends + ", given \"" + text + "\"");
  }

  boolean isPicture() {
    return kind == Kind.PNG || isAnimation();
  }

  /**
   * Whether images follow each other.
   *
   * @return whether the file is a GIF
   */
  public boolean isAnimation() {
    return kind == Kind.GIF;
  }

  /** Refuses a GIF, where rows have no order. */
  void refuseAnimation() {
    if (isAnimation()) {
      throw new IllegalArgumentException(
          "--out: the commands traverse and interpolate write .gif; give a file that ends in .png,"
              + " .npy or .csv");
    }
  }

  /**
   * The shape of rows as images; called before any computation.
   *
   * @param image the shape of the model's rows; null if they are not images
   * @return image
   * @throws IllegalArgumentException if the file is a picture and rows are neither series nor
   *     images of 1 or 3 channels
   */
  public @Nullable ImageShape shape(@Nullable ImageShape image) {
    if (isPicture() && image == null) {
      throw new IllegalArgumentException(
          "--out: rows of this model are not images; give a file that ends in .npy or .csv");
    }
    if (isPicture() && image != null && !Pictured.isPossible(image)) {
      throw new IllegalArgumentException(
          "--out: images of this model have "
              + image.channels()
              + " channels, and pictures 1 or 3; give a file that ends in .npy or .csv");
    }
    return image;
  }

  /**
   * Refuses a picture.
   *
   * @param rows the name of the rows, in the plural
   */
  public void requireNumbers(String rows) {
    if (isPicture()) {
      throw new IllegalArgumentException(
          "--out: " + rows + " are numbers; give a file that ends in .npy or .csv");
    }
  }

  /**
   * Writes rows of numbers, or a grid of images. An array of images has their shape, (rows, height,
   * width) or (rows, height, width, channels); a table has flat rows, channels last.
   *
   * @param rows the rows
   * @param column the first part of the names of a CSV file's columns, before their number
   * @param row the shape of a row
   * @param across images in a line of the picture
   * @param labels of the picture
   */
  public void write(Matrix rows, String column, OutputShape row, int across, GridLabels labels) {
    ImageShape shape = shape(row.image());
    if (shape != null && isPicture()) {
      Pictured drawn = Pictured.of(shape, rows);
      PictureGrid grid = PictureGrid.of(drawn.shape(), across, labels);
      PictureGrid.write(grid.draw(drawn.rows(), labels), path);
    } else {
      Matrix ordered = isArray() ? row.ordered(rows) : rows;
      writeNumbers(ordered, numbered(column, rows.columns()), row.sizes(rows.columns()));
    }
  }

  /**
   * Writes images that go forth and back.
   *
   * @param pictures in their order
   */
  public void animate(List<BufferedImage> pictures) {
    List<AnimatedGif.Frame> frames =
        pictures.stream().map(picture -> new AnimatedGif.Frame(picture, MILLISECONDS, "")).toList();
    AnimatedGif.write(AnimatedGif.thereAndBack(frames), path);
  }

  /**
   * Whether the file is an array, which can have any shape.
   *
   * @return false for a picture or a table
   */
  public boolean isArray() {
    return kind == Kind.NPY;
  }

  /**
   * Writes rows of numbers.
   *
   * @param rows the rows
   * @param columns the names of a CSV file's columns
   * @param sizes of a row in an array
   */
  public void writeNumbers(Matrix rows, List<String> columns, int... sizes) {
    if (isArray()) {
      AtomicFiles.createFolderOf(path);
      Npy.write(path, rows, sizes);
    } else {
      writeText(
          out ->
              Csv.write(
                  out,
                  columns,
                  rows.rows(),
                  row ->
                      IntStream.range(0, rows.columns())
                          .mapToObj(column -> Float.toString(rows.at(row, column)))
                          .toList()));
    }
  }

  /**
   * Whether rows are those of a table of texts.
   *
   * @return whether the file is CSV or Parquet
   */
  public boolean isTable() {
    return kind == Kind.CSV || kind == Kind.PARQUET;
  }

  /**
   * Refuses a file that is no table.
   *
   * @throws IllegalArgumentException if the file is a picture or an array
   */
  public void requireTable() {
    if (!isTable()) {
      throw new IllegalArgumentException(
          "--out: expected a name that ends in .csv or .parquet, given " + path);
    }
  }

  /**
   * Writes a table of texts.
   *
   * @param csv writes the rows as CSV; a file of Parquet is made of these
   */
  public void writeText(AtomicFiles.Content csv) {
    AtomicFiles.createFolderOf(path);
    if (kind == Kind.CSV) {
      AtomicFiles.write(path, csv);
      return;
    }
    Path text = path.resolveSibling(path.getFileName() + ".csv.tmp");
    try {
      AtomicFiles.write(text, csv);
      ParquetFile.write(text, path);
    } finally {
      AtomicFiles.deleteQuietly(text);
    }
  }

  /**
   * Reports that the file was written.
   *
   * @param report receives the line
   * @param rows the number of its rows
   */
  public void tell(Report report, int rows) {
    report.line("wrote " + Numbers.plural(rows, "row") + " to " + path);
    report.object(new JsonLine().put("out", path.toString()).put("rows", rows));
  }

  /**
   * Names of columns.
   *
   * @param name the name before the number
   * @param count the number of names
   * @return name0, name1, ...
   */
  public static List<String> numbered(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> name + i).toList();
  }
}
