// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.files.AtomicFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The replacement of the run in a folder by a new one. The new run is written into {@link #NEW}. To
 * take the old run's place, the old files move into {@link #OLD}; then {@link #NEW} is renamed to
 * {@link #NEXT}, from which on the new run counts; its files move into the folder and the old ones
 * are deleted. A process that ends in between leaves these folders, and {@link #recover} undoes or
 * completes the replacement.
 */
final class Replacement {
  static final String NEW = ".new-run";
  static final String OLD = ".old-run";
  static final String NEXT = ".next-run";

  private Replacement() {}

  static RunFolder begin(RunFolder folder) throws IOException {
    return new RunFolder(Files.createDirectory(folder.path().resolve(NEW)));
  }

  /** Makes the new run count; if that fails, the old one is as it was. */
  static void commit(RunFolder folder) throws IOException {
    Path old = Files.createDirectory(folder.path().resolve(OLD));
    try {
      move(RunFolder.FILES, folder.path(), old);
      AtomicFiles.sync(old);
      Files.move(
          folder.path().resolve(NEW), folder.path().resolve(NEXT), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      try {
        undo(folder);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /** Ends a replacement that another process began: the folder then holds one run, or none. */
  static void recover(RunFolder folder) throws IOException {
    if (Files.isDirectory(folder.path().resolve(NEXT))) {
      finish(folder);
    } else if (Files.isDirectory(folder.path().resolve(OLD))) {
      undo(folder);
    }
    discard(folder.path().resolve(NEW));
  }

  /** Deletes the new run, which does not take the old one's place. */
  static void discard(RunFolder folder) throws IOException {
    discard(folder.path().resolve(NEW));
  }

  private static void undo(RunFolder folder) throws IOException {
    Path old = folder.path().resolve(OLD);
    move(RunFolder.FILES, old, folder.path());
    AtomicFiles.sync(folder.path());
    Files.deleteIfExists(old);
  }

  /** Moves a run that counts into its place, and deletes the old one. */
  static void finish(RunFolder folder) throws IOException {
    Path next = folder.path().resolve(NEXT);
    AtomicFiles.sync(folder.path());
    move(RunFolder.FILES, next, folder.path());
    AtomicFiles.sync(folder.path());
    discard(folder.path().resolve(OLD));
    discard(next);
  }

  private static void move(List<String> names, Path from, Path to) throws IOException {
    for (String name : names) {
      // NOFOLLOW is not needed: a link to nothing is moved by its name as any other file.
      if (Files.exists(from.resolve(name)) || Files.isSymbolicLink(from.resolve(name))) {
        Files.move(
            from.resolve(name),
            to.resolve(name),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void discard(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        Files.delete(entry);
      }
    }
    Files.delete(folder);
  }
}
