package io.github.vae4j.cli;

import io.github.vae4j.data.Csv;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.data.Npy;
import io.github.vae4j.picture.PictureGrid;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A file that rows are written to. Its name says how.
 *
 * @param path where
 * @param kind how
 */
record OutputFile(Path path, Kind kind) {
  /** The kinds of files. */
  enum Kind {
    PNG,
    NPY,
    CSV
  }

  static OutputFile parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (Kind kind : Kind.values()) {
      if (lower.endsWith("." + kind.name().toLowerCase(Locale.ROOT))) {
        return new OutputFile(Path.of(text), kind);
      }
    }
    throw new IllegalArgumentException(
        "expected a name that ends in .png, .npy or .csv, given \"" + text + "\"");
  }

  boolean isPicture() {
    return kind == Kind.PNG;
  }

  /**
   * How rows are images; asked before anything is computed.
   *
   * @throws IllegalArgumentException if this is to be a picture and they are none
   */
  @Nullable ImageShape shape(@Nullable ImageShape image) {
    if (isPicture() && image == null) {
      throw new IllegalArgumentException(
          "--out: rows of this model are not images; give a file that ends in .npy or .csv");
    }
    return image;
  }

  /** Only numbers can be written. */
  void requireNumbers(String what) {
    if (isPicture()) {
      throw new IllegalArgumentException(
          "--out: " + what + " are numbers; give a file that ends in .npy or .csv");
    }
  }

  /**
   * Writes rows of numbers, or images.
   *
   * @param rows what
   * @param column the name of a CSV file's columns, before their number
   * @param image how a row is an image; for a picture
   * @param across images in a line of the picture
   */
  void write(Matrix rows, String column, @Nullable ImageShape image, int across) {
    ImageShape shape = shape(image);
    if (shape != null && isPicture()) {
      PictureGrid.of(shape, across).write(rows, path);
    } else {
      writeNumbers(rows, numbered(column, rows.columns()));
    }
  }

  /** Writes rows of numbers. */
  void writeNumbers(Matrix rows, List<String> columns) {
    createFolder();
    if (kind == Kind.NPY) {
      Npy.write(path, rows);
    } else {
      Csv.write(path, columns, rows);
    }
  }

  /** Says what was written. */
  void tell(Report report, int rows) {
    report.line("wrote " + Numbers.plural(rows, "row") + " to " + path);
    report.object(new JsonLine().put("out", path.toString()).put("rows", rows));
  }

  static List<String> numbered(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> name + i).toList();
  }

  void createFolder() {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
