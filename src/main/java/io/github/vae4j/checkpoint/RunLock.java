// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.VaeException;
import io.github.vae4j.files.Reasons;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive use of a run folder by a writer: a lock of the operating system on {@code .lock} in
 * the folder, which names its owner. The lock ends with its process, so that a file that a killed
 * owner left does not matter. Where the file system has no locks, the owner in the file decides.
 *
 * <p>Closing any channel of a file releases the locks of the whole process on it. So runs in one
 * JVM are told apart before the file is opened, by a system property, which all class loaders
 * share.
 */
public final class RunLock implements AutoCloseable {
  /** The name of the lock file. */
  static final String FILE = ".lock";

  private static final String PROPERTY = "vae4j.lock:";
  private static final int LONGEST_OWNER = 512;
  private static final int TRIES = 1000;

  private final String property;
  private final Path file;
  private final FileChannel channel;
  private final @Nullable RunOwner before;

  /** Takes the lock of an open file. */
  interface Locking {
    /**
     * Tries once.
     *
     * @return whether the lock is taken; it ends when the channel closes
     * @throws IOException if the file system has no locks
     */
    boolean tryLock(FileChannel channel) throws IOException;
  }

  /** A channel whose lock is taken, and the owner that was found in the file. */
  private record Taken(FileChannel channel, @Nullable RunOwner before) {}

  private RunLock(String property, Path file, Taken taken) {
    this.property = property;
    this.file = file;
    this.channel = taken.channel();
    this.before = taken.before();
  }

  /**
   * Locks a folder.
   *
   * @param folder an existing folder
   * @return the lock, to be closed
   * @throws VaeException if another run uses the folder, which the message names, or the lock file
   *     cannot be written
   */
  public static RunLock of(Path folder) {
    return of(folder, channel -> channel.tryLock() != null);
  }

  static RunLock of(Path folder, Locking locking) {
    try {
      Path real = folder.toRealPath();
      String property = PROPERTY + real;
      if (System.getProperties().putIfAbsent(property, RunOwner.self().toString()) != null) {
        throw busy(folder, "another run of this process (" + ProcessHandle.current().pid() + ")");
      }
      try {
        return new RunLock(property, real.resolve(FILE), take(folder, real.resolve(FILE), locking));
      } catch (IOException | RuntimeException e) {
        System.clearProperty(property);
        throw e;
      }
    } catch (IOException e) {
      throw new VaeException(
          "cannot lock "
              + folder.resolve(FILE)
              + ": "
              + Reasons.of(e)
              + "; a run writes into its folder",
          e);
    }
  }

  private static Taken take(Path folder, Path file, Locking locking) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      Taken taken = tryOnce(folder, file, locking);
      if (taken != null) {
        return taken;
      }
    }
    throw new IOException("others create and delete it all the time");
  }

  /** Returns null if the former owner deleted the file in the meantime. */
  private static @Nullable Taken tryOnce(Path folder, Path file, Locking locking)
      throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      // Left by a killed owner, or in use.
      if (!Files.isRegularFile(file)) {
        throw new IOException("it is not a file", e);
      }
    }
    FileChannel channel = null;
    try {
      Object opened = identity(file);
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      RunOwner owner = claim(folder, file, channel, locking);
      if (identity(file).equals(opened)) {
        channel.truncate(0);
        channel.write(
            ByteBuffer.wrap((RunOwner.self() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        return new Taken(channel, owner);
      }
      channel.close();
      return null;
    } catch (NoSuchFileException e) {
      if (channel != null) {
        channel.close();
      }
      return null;
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
  }

  private static Object identity(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file : key;
  }

  /** Takes the lock and returns the former owner. */
  private static @Nullable RunOwner claim(
      Path folder, Path file, FileChannel channel, Locking locking) throws IOException {
    boolean locked;
    try {
      locked = locking.tryLock(channel);
    } catch (IOException e) {
      claimByName(folder, file, owner(channel));
      return null;
    }
    RunOwner owner = owner(channel);
    if (!locked) {
      throw busy(folder, owner == null ? "another process" : owner.toString());
    }
    return owner;
  }

  private static void claimByName(Path folder, Path file, @Nullable RunOwner owner) {
    if (owner == null) {
      return;
    }
    if (!owner.onThisHost()) {
      throw new VaeException(
          folder
              + " is in use by "
              + owner
              + ", or was: its file system has no locks, so that this machine cannot tell; delete "
              + file
              + " if that run has ended");
    }
    if (owner.alive()) {
      throw busy(folder, owner.toString());
    }
  }

  private static @Nullable RunOwner owner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(LONGEST_OWNER);
    channel.read(text, 0);
    return RunOwner.parse(new String(text.array(), 0, text.position(), StandardCharsets.UTF_8));
  }

  private static VaeException busy(Path folder, String owner) {
    return new VaeException(
        folder + " is in use by " + owner + "; wait until it has ended, or choose another folder");
  }

  /**
   * A remark on the former owner.
   *
   * @return null if there is none to make
   */
  public @Nullable String remark() {
    if (before == null || before.onThisHost()) {
      return null;
    }
    return "warning: "
        + file
        + " was left by "
        + before
        + "; on a network folder without locks that run may still go on: then stop one of the two";
  }

  /** Removes the lock file and ends the lock. */
  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A file without a lock stays, which the next run takes over.
      return;
    } finally {
      System.clearProperty(property);
    }
  }
}
