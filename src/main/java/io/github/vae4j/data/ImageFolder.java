// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PNG and JPEG files of a folder and its sub-folders, in the order of their paths. A sub-folder of
 * the first level is a class, numbered from 0 in the order of the names. Hidden files and files of
 * other kinds are ignored.
 */
final class ImageFolder {
  private ImageFolder() {}

  static DataSet open(String name, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          name
              + (Files.exists(folder) ? ": is a file, not a folder" : ": there is no such folder")
              + " (looked for "
              + folder.toAbsolutePath()
              + ")");
    }
    List<Path> files = list(name, folder);
    if (files.isEmpty()) {
      throw new DataException(name + ": is empty: it holds no .png, .jpg or .jpeg file");
    }
    ImageShape shape = Picture.read(folder.resolve(files.get(0))).shape();
    DataInfo info =
        new DataInfo(
            name,
            files.size(),
            shape.features(),
            DType.UINT8,
            ElementType.UINT8.scale(),
            shape,
            labels(files));
    HeapRows rows = new HeapRows(name, info.type(), info.features());
    rows.reserve(info.rows());
    // The first failure in the order of the files, not of the threads.
    Optional<DataException> failure =
        IntStream.range(0, files.size())
            .parallel()
            .mapToObj(row -> load(folder, files, row, shape, rows))
            .flatMap(Optional::stream)
            .findFirst();
    if (failure.isPresent()) {
      throw failure.get();
    }
    return new RowDataSet(info, rows.build(info.rows()));
  }

  private static Optional<DataException> load(
      Path folder, List<Path> files, int row, ImageShape shape, HeapRows rows) {
    Path file = folder.resolve(files.get(row));
    try {
      Picture picture = Picture.read(file);
      if (!picture.shape().equals(shape)) {
        throw new DataException(
            folder.resolve(files.get(0))
                + " is "
                + text(shape)
                + ", but "
                + file
                + " is "
                + text(picture.shape())
                + "; all images must have one size and kind");
      }
      rows.put(row, ByteBuffer.wrap(picture.pixels()), 0);
      return Optional.empty();
    } catch (DataException e) {
      return Optional.of(e);
    }
  }

  private static String text(ImageShape shape) {
    String kind = shape.channels() == 1 ? " grey" : " colour";
    return shape.width() + " x " + shape.height() + kind;
  }

  /** The images, relative to the folder. */
  private static List<Path> list(String name, Path folder) {
    try (Stream<Path> tree = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return tree.filter(ImageFolder::isImage)
          .map(folder::relativize)
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw DataException.reading(name, e);
    }
  }

  private static boolean isImage(Path path) {
    String file = Objects.requireNonNullElse(path.getFileName(), path).toString();
    String lower = file.toLowerCase(Locale.ROOT);
    boolean named = lower.endsWith(".png") || lower.endsWith(".jpg") || lower.endsWith(".jpeg");
    return named && !file.startsWith(".") && Files.isRegularFile(path);
  }

  private static int @Nullable [] labels(List<Path> files) {
    List<String> classes =
        files.stream()
            .filter(file -> file.getNameCount() > 1)
            .map(file -> file.getName(0).toString())
            .distinct()
            .sorted()
            .toList();
    if (classes.isEmpty()) {
      return null;
    }
    return files.stream()
        .mapToInt(
            file -> file.getNameCount() > 1 ? classes.indexOf(file.getName(0).toString()) : -1)
        .toArray();
  }
}
