// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * PNG and JPEG files of a folder and its sub-folders, in the order of their paths. A sub-folder of
 * the first level with images is a class; classes are numbered from 0 in the order of their names,
 * which is the order of their numbers if all names are numbers. {@link ImageTree} says which files
 * are passed over.
 */
final class ImageFolder {
  private ImageFolder() {}

  static DataSet open(String name, Path folder, OpenOptions options) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          name
              + (Files.exists(folder) ? ": is a file, not a folder" : ": there is no such folder")
              + " (looked for "
              + folder.toAbsolutePath()
              + ")");
    }
    ImageTree tree = ImageTree.of(name, folder);
    List<Path> files = tree.images().stream().map(ImageTree.Image::path).toList();
    if (files.isEmpty()) {
      throw new DataException(
          name
              + ": is empty: it holds no .png, .jpg or .jpeg file"
              + tree.remarks().stream().map(r -> "; " + r).collect(Collectors.joining()));
    }
    List<String> classes = classes(files);
    FolderRows rows = FolderRows.of(name, folder, tree, options);
    List<String> remarks = new ArrayList<>(tree.remarks());
    remarks.addAll(rows.remarks());
    DataInfo info =
        new DataInfo(
            name,
            files.size(),
            rows.shape().features(),
            DType.UINT8,
            ElementType.UINT8.scale(),
            rows.shape(),
            false,
            null,
            RowNotes.labels(labels(files, classes)).withClasses(classes),
            List.copyOf(remarks));
    return new RowDataSet(info, rows.source());
  }

  /** The names of the classes; null if there are no sub-folders. */
  private static @Nullable List<String> classes(List<Path> files) {
    List<String> names =
        files.stream()
            .filter(file -> file.getNameCount() > 1)
            .map(file -> file.getName(0).toString())
            .distinct()
            .sorted()
            .toList();
    boolean numbers = names.stream().allMatch(name -> name.matches("[0-9]{1,18}"));
    List<String> classes =
        numbers ? names.stream().sorted(Comparator.comparingLong(Long::parseLong)).toList() : names;
    return classes.isEmpty() ? null : classes;
  }

  private static int @Nullable [] labels(List<Path> files, @Nullable List<String> classes) {
    if (classes == null) {
      return null;
    }
    return files.stream()
        .mapToInt(
            file -> file.getNameCount() > 1 ? classes.indexOf(file.getName(0).toString()) : -1)
        .toArray();
  }
}
