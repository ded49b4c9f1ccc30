// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes files atomically: after an interruption at any point a file is complete or does not exist.
 * The bytes go to a temporary file in the same folder, are forced to the disk, and the file is
 * renamed. An interrupted thread finishes its file.
 */
public final class AtomicFiles {
  private static final String TEMPORARY = ".tmp";

  private AtomicFiles() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes the bytes.
     *
     * @param out unbuffered; not to be closed
     * @throws IOException if the bytes cannot be written
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file and replaces the old one. A device or a pipe is written directly, because there
   * is nothing to replace.
   *
   * @param file to write; its folder must exist
   * @param content writes the bytes; called once
   * @throws VaeException if it cannot be written; the old file is then unchanged
   */
  public static void write(Path file, Content content) {
    write(file, content, null);
  }

  /**
   * Writes a file of UTF-8 text like {@link #write(Path, Content)}.
   *
   * @param file to write; its folder must exist
   * @param text to write
   * @throws VaeException if it cannot be written; the old file is then unchanged
   */
  public static void writeText(Path file, String text) {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Writes a file and keeps the old one under another name.
   *
   * @param file to write; its folder must exist
   * @param content writes the bytes; called once
   * @param previous the new name of the old file, in the same folder; null to delete it
   * @throws VaeException if it cannot be written; the old file is then unchanged
   */
  static void write(Path file, Content content, @Nullable Path previous) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
        try (OutputStream out = new FileOutputStream(file.toFile())) {
          content.writeTo(out);
        }
      } else {
        // A link stays a link: its target is replaced.
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        replace(target, content, previous);
      }
    } catch (IOException e) {
      String unchanged = Files.isRegularFile(file) ? "; the file that was there is unchanged" : "";
      throw new VaeException("cannot write " + file + ": " + Reasons.of(e) + unchanged, e);
    }
  }

  private static void replace(Path file, Content content, @Nullable Path previous)
      throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder");
    }
    Path folder = file.resolveSibling("");
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    Path temporary = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + TEMPORARY);
    try {
      Files.createFile(temporary);
      try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
        content.writeTo(out);
        out.getFD().sync();
      }
      if (previous != null && Files.exists(file)) {
        moveAside(temporary, file, previous);
      } else {
        move(temporary, file);
      }
    } catch (Throwable e) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    syncFolder(folder);
  }

  private static void moveAside(Path temporary, Path file, Path previous) throws IOException {
    move(file, previous);
    try {
      move(temporary, file);
    } catch (IOException e) {
      try {
        move(previous, file);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Forces a folder's entries to the disk, so that a rename survives a power failure. */
  private static void syncFolder(Path folder) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      boolean done = false;
      while (!done) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          channel.force(true);
          done = true;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Deletes the temporary files of killed writers of a file.
   *
   * @param file the file that they were written for
   * @throws IOException if the folder cannot be read or a file cannot be deleted
   */
  static void deleteLeftovers(Path file) throws IOException {
    String prefix = "." + file.getFileName() + ".";
    Path folder = file.toAbsolutePath().resolveSibling("");
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.startsWith(prefix) && name.endsWith(TEMPORARY)) {
          Files.deleteIfExists(entry);
        }
      }
    }
  }
}
