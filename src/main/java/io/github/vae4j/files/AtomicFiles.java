// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.files;

import io.github.vae4j.VaeException;
import java.io.FileDescriptor;
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
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes files atomically: after an interruption at any point a file is complete or does not exist.
 * The bytes go to a temporary file in the same folder, are forced to the disk, and the file is
 * renamed. The temporary file has a random name and is created by this class alone, so that neither
 * another user's link nor another writer can divert it. A link stays a link, and a file keeps its
 * permissions. An interrupted thread finishes its file.
 *
 * <p>No other class of the library opens a file for writing; ArchitectureTest lists the exceptions.
 */
public final class AtomicFiles {
  private static final String TEMPORARY = ".tmp";

  /** Of a file's name, in that of its temporary file: file systems allow 255 bytes. */
  private static final int KEPT_OF_NAME = 50;

  private static final int MOST_LINKS = 40;
  private static final Path STDOUT = Path.of("/dev/stdout");
  private static final Path STDERR = Path.of("/dev/stderr");

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
    write(file, content, null, null);
  }

  /**
   * Writes a file like {@link #write(Path, Content)}, which has its time from the moment on at
   * which it is in its place.
   *
   * @param file to write; its folder must exist
   * @param content writes the bytes; called once
   * @param modified the time of the last modification that the file gets
   * @throws VaeException if it cannot be written; the old file is then unchanged
   */
  public static void writeWithTime(Path file, Content content, FileTime modified) {
    write(file, content, null, modified);
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
   * @throws VaeException if it cannot be written; the old file is then unchanged, unless the
   *     message says that the new one is in its place
   */
  public static void write(Path file, Content content, @Nullable Path previous) {
    write(file, content, previous, null);
  }

  private static void write(
      Path file, Content content, @Nullable Path previous, @Nullable FileTime modified) {
    boolean there = Files.isRegularFile(file);
    boolean replaced = false;
    try {
      Path target = target(file);
      if (isDevice(target)) {
        writeThrough(target, content);
        return;
      }
      replace(target, content, previous, modified);
      replaced = true;
      sync(target.resolveSibling(""));
    } catch (IOException e) {
      String state = "";
      if (replaced) {
        state = "; it is in its place, but a power failure may undo that";
      } else if (there && Files.isRegularFile(file)) {
        state = "; the file that was there is unchanged";
      }
      throw new VaeException("cannot write " + file + ": " + Reasons.of(e) + state, e);
    }
  }

  /**
   * Deletes a file of this process that nobody needs; a file that stays does no harm.
   *
   * @param file the file; there may be none
   */
  public static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The result is complete, or the failure before it is thrown.
      return;
    }
  }

  /**
   * Creates the folder of a file that is to be written, if there is none.
   *
   * @param file the file
   * @throws VaeException if it cannot be created
   */
  public static void createFolderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new VaeException(
          "cannot write "
              + file
              + ": its folder "
              + folder
              + " cannot be created: "
              + Reasons.of(e),
          e);
    }
  }

  /** The file that a path leads to, through links to files that need not exist. */
  private static Path target(Path file) throws IOException {
    Path at = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(at) && !isDevice(at); links++) {
      if (links == MOST_LINKS) {
        throw new IOException("its links form a loop");
      }
      at = at.resolveSibling(Files.readSymbolicLink(at));
    }
    return at;
  }

  /**
   * Whether a path is a device, a pipe, or one of this process's open files, as /dev/stdout is,
   * which must keep the reader or the file that the shell opened.
   */
  private static boolean isDevice(Path path) {
    return path.startsWith("/proc")
        || path.startsWith("/dev/fd")
        || path.equals(STDOUT)
        || path.equals(STDERR)
        || (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path));
  }

  private static void writeThrough(Path device, Content content) throws IOException {
    if (device.equals(STDOUT)) {
      // Not opened anew: what is written next to it must follow these bytes.
      System.out.flush();
      @SuppressWarnings("resource") // Standard output stays open.
      FileOutputStream out = new FileOutputStream(FileDescriptor.out);
      content.writeTo(out);
      return;
    }
    if (Files.isDirectory(device)) {
      throw new IOException("it is a folder");
    }
    try (OutputStream out = new FileOutputStream(device.toFile())) {
      content.writeTo(out);
    }
  }

  private static String stem(Path file) {
    String name = String.valueOf(file.getFileName());
    return "." + name.substring(0, Math.min(KEPT_OF_NAME, name.length())) + ".";
  }

  /** Gives a file the permissions of the one that it replaces. */
  private static void keepPermissions(Path old, Path file) throws IOException {
    PosixFileAttributeView from = Files.getFileAttributeView(old, PosixFileAttributeView.class);
    PosixFileAttributeView to = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (from != null && to != null) {
      to.setPermissions(from.readAttributes().permissions());
    }
  }

  private static void replace(
      Path file, Content content, @Nullable Path previous, @Nullable FileTime modified)
      throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder");
    }
    Path folder = file.resolveSibling("");
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    Path temporary = folder.resolve(stem(file) + UUID.randomUUID() + TEMPORARY);
    try {
      Files.createFile(temporary);
      try (ExitDeletion deletion = ExitDeletion.of(temporary);
          FileOutputStream out = new FileOutputStream(temporary.toFile())) {
        if (Files.exists(file)) {
          keepPermissions(file, temporary);
        }
        content.writeTo(out);
        sync(out, temporary);
      }
      if (modified != null) {
        Files.setLastModifiedTime(temporary, modified);
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

  /**
   * Forces the bytes of an open file to the disk, also in an interrupted thread. A FileDescriptor's
   * sync would not say why it fails.
   *
   * @param out the open file
   * @param file its path
   * @throws IOException if it cannot be forced
   */
  public static void sync(FileOutputStream out, Path file) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      out.getChannel().force(true);
    } catch (ClosedByInterruptException e) {
      interrupted |= Thread.interrupted();
      sync(file);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Forces a file's bytes or a folder's entries to the disk, so that they survive a power failure,
   * also in an interrupted thread.
   *
   * @param path the file or the folder
   * @throws IOException if it cannot be opened or forced
   */
  public static void sync(Path path) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      boolean done = false;
      while (!done) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
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
  public static void deleteLeftovers(Path file) throws IOException {
    String prefix = stem(file);
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
