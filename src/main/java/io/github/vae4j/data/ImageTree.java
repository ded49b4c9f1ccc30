// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The images of a folder and its sub-folders. Hidden files and folders (".ipynb_checkpoints",
 * ".DS_Store"), "__MACOSX" and "Thumbs.db" are passed over; files of other kinds, links to nothing
 * and links to a folder around them are passed over with a remark.
 */
final class ImageTree extends SimpleFileVisitor<Path> {
  /** Files that systems leave in folders of pictures. */
  private static final Set<String> SYSTEM = Set.of("__macosx", "thumbs.db", "desktop.ini");

  private final String name;
  private final Path folder;
  private final List<Image> images = new ArrayList<>();
  private final Passed others = new Passed("files of another kind than .png, .jpg and .jpeg");
  private final Passed dangling = new Passed("links to files that do not exist");
  private final Passed loops = new Passed("links to a folder that holds the link");

  /**
   * A file.
   *
   * @param path relative to the folder
   * @param bytes its size
   * @param modified the time of its last change, in ns
   */
  record Image(Path path, long bytes, long modified) {}

  /** Files that are passed over. */
  private static final class Passed {
    private final String kind;
    private int count;
    private @Nullable Path first;

    Passed(String kind) {
      this.kind = kind;
    }

    void add(Path path) {
      count++;
      if (first == null || path.toString().compareTo(first.toString()) < 0) {
        first = path;
      }
    }
  }

  private ImageTree(String name, Path folder) {
    this.name = name;
    this.folder = folder;
  }

  static ImageTree of(String name, Path folder) {
    ImageTree tree = new ImageTree(name, folder);
    try {
      Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, tree);
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
    tree.images.sort(Comparator.comparing(image -> image.path.toString()));
    return tree;
  }

  /** The images, relative to the folder, in the order of their paths. */
  List<Image> images() {
    return images;
  }

  /** The remarks on files that were passed over. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    for (Passed passed : List.of(others, dangling, loops)) {
      if (passed.first != null) {
        remarks.add(
            name
                + ": passes over "
                + passed.count
                + " "
                + passed.kind
                + ", for example "
                + Excerpt.of(passed.first.toString()));
      }
    }
    return List.copyOf(remarks);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
    boolean hidden = !path.equals(folder) && isHidden(path);
    return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
    if (isHidden(path)) {
      return FileVisitResult.CONTINUE;
    }
    // A link is followed, so that one that is met is a link to nothing.
    if (attributes.isSymbolicLink()) {
      dangling.add(folder.relativize(path));
    } else if (attributes.isRegularFile() && isImage(path)) {
      images.add(
          new Image(
              folder.relativize(path),
              attributes.size(),
              attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
    } else {
      others.add(folder.relativize(path));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
    if (e instanceof FileSystemLoopException) {
      loops.add(folder.relativize(path));
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }

  private static boolean isHidden(Path path) {
    String file = file(path);
    return file.startsWith(".") || SYSTEM.contains(file.toLowerCase(Locale.ROOT));
  }

  private static boolean isImage(Path path) {
    String lower = file(path).toLowerCase(Locale.ROOT);
    return lower.endsWith(".png") || lower.endsWith(".jpg") || lower.endsWith(".jpeg");
  }

  private static String file(Path path) {
    return Objects.requireNonNullElse(path.getFileName(), path).toString();
  }
}
