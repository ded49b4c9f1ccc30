// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** The pictures of some files in one size and kind: first their headers, then their pixels. */
final class PictureSet {
  private final String name;
  private final List<Path> files;
  private final PictureOptions options;
  private final ImageShape shape;
  private final int grey;
  private final PictureReader reader;

  private PictureSet(
      String name, List<Path> files, PictureOptions options, ImageShape shape, int grey) {
    this.name = name;
    this.files = files;
    this.options = options;
    this.shape = shape;
    this.grey = grey;
    this.reader = new PictureReader(shape.channels(), options.backgroundColour());
  }

  /**
   * Reads all headers.
   *
   * @throws DataException if one cannot be read, or if there is no size in the options and two
   *     files differ in size
   */
  static PictureSet of(String name, List<Path> files, PictureOptions options) {
    PictureHeader[] headers = new PictureHeader[files.size()];
    each(0, headers.length, row -> headers[row] = PictureHeader.read(files.get(row)));
    int grey = (int) Arrays.stream(headers).filter(PictureHeader::grey).count();
    Integer asked = options.channels();
    int channels = asked != null ? asked : grey == files.size() ? 1 : 3;
    Integer width = options.width();
    Integer height = options.height();
    ImageShape shape =
        width == null || height == null
            ? common(files, headers, channels)
            : new ImageShape(width, height, channels);
    return new PictureSet(name, files, options, shape, grey);
  }

  private static ImageShape common(List<Path> files, PictureHeader[] headers, int channels) {
    PictureHeader first = headers[0];
    for (int i = 1; i < files.size(); i++) {
      PictureHeader other = headers[i];
      if (other.uprightWidth() != first.uprightWidth()
          || other.uprightHeight() != first.uprightHeight()) {
        throw another(files.get(0), text(first), files.get(i), text(other));
      }
    }
    return new ImageShape(first.uprightWidth(), first.uprightHeight(), channels);
  }

  private static String text(PictureHeader header) {
    return header.uprightWidth() + " x " + header.uprightHeight();
  }

  private static DataException another(Path first, String size, Path other, String otherSize) {
    return new DataException(
        first
            + " is "
            + size
            + ", but "
            + other
            + " is "
            + otherSize
            + "; scale all to one size by PictureOptions.of, as in 64x48 (width x height)");
  }

  /** The same pictures, of which none is decoded: the remarks count each once. */
  PictureSet anew() {
    return new PictureSet(name, files, options, shape, grey);
  }

  ImageShape shape() {
    return shape;
  }

  /** Receives the pixels of a row. */
  interface Target {
    void put(int row, byte[] pixels);
  }

  /** Decodes some rows in parallel; the target is called in any order, by several threads. */
  void decode(int first, int count, Target target) {
    each(first, count, row -> target.put(row, picture(row).pixels()));
  }

  private Picture picture(int row) {
    Path file = files.get(row);
    if (options.width() != null) {
      return reader.read(file, shape.width(), shape.height(), options.fitOrCrop());
    }
    Picture picture = reader.read(file);
    if (!picture.shape().equals(shape)) {
      // The file was replaced after its header was read.
      ImageShape own = picture.shape();
      throw another(
          files.get(0),
          shape.width() + " x " + shape.height(),
          file,
          own.width() + " x " + own.height());
    }
    return picture;
  }

  /** The remarks on the pictures that were decoded. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (options.channels() == null && grey > 0 && grey < files.size()) {
      remarks.add(
          name
              + ": "
              + grey
              + " of "
              + files.size()
              + " pictures are grey, the others have colour: all are read in colour (PictureOptions.channels 1"
              + " reads all as grey)");
    }
    if (shape.channels() == 1 && grey < files.size()) {
      remarks.add(
          name
              + ": "
              + (files.size() - grey)
              + " of "
              + files.size()
              + " pictures have colour and are read as grey");
    }
    if (reader.transparent() > 0) {
      remarks.add(
          name
              + ": "
              + reader.transparent()
              + " of "
              + files.size()
              + " pictures have transparent pixels, which are laid over "
              + (options.background() == null ? "black" : options.background())
              + " (PictureOptions.background)");
    }
    if (reader.inks() > 0) {
      remarks.add(
          name
              + ": "
              + reader.inks()
              + " of "
              + files.size()
              + " pictures are JPEGs of inks (CMYK), which become colours without their profiles:"
              + " the product of the shares of light that each ink and black leave");
    }
    return remarks;
  }

  /** Works in parallel; throws the first failure in the order of the rows, not of the threads. */
  private static void each(int first, int count, IntConsumer work) {
    Optional<DataException> failure =
        IntStream.range(first, first + count)
            .parallel()
            .mapToObj(row -> attempt(row, work))
            .flatMap(Optional::stream)
            .findFirst();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private static Optional<DataException> attempt(int row, IntConsumer work) {
    try {
      work.accept(row);
      return Optional.empty();
    } catch (DataException e) {
      return Optional.of(e);
    }
  }
}
