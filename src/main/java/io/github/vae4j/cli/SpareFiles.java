// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.CheckpointException;
import io.github.vae4j.cli.options.Sizes;
import io.github.vae4j.cli.run.FailureText;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Printable;
import io.github.vae4j.data.DataException;
import io.github.vae4j.files.Reasons;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Open files that a command holds in reserve. Java reads a class from a file when it is first used,
 * the classes of messages too: a command that may open no more files gives these back and then says
 * so.
 */
final class SpareFiles implements AutoCloseable {
  /** Training opens 13 files beside those of its start; ONNX Runtime and its model are more. */
  static final int NEEDED = 32;

  private static final int HELD = 8;
  private static final int FEW = 4;
  private static final Path ANY = Path.of("/dev/null");
  private static final String REMEDY =
      "raise the limit of open files of this process, as with: ulimit -n 1024";

  /** The classes that give a failing call's message its file and reason, which are loaded here. */
  private static final List<Class<?>> MESSAGES =
      List.of(
          VaeException.class,
          DataException.class,
          CheckpointException.class,
          Reasons.class,
          FailureText.class,
          Numbers.class,
          Printable.class,
          Sizes.class);

  private final Deque<InputStream> held = new ArrayDeque<>();

  /** Reserves nothing yet. */
  SpareFiles() {}

  /**
   * Takes the reserve.
   *
   * @return null if the system lets this process open the files that a command needs; otherwise the
   *     fault and the remedy
   */
  @Nullable String take() {
    loadMessages();
    if (Files.notExists(ANY)) {
      return null;
    }
    boolean enough = openUntil(NEEDED);
    int found = held.size();
    closeUntil(enough ? HELD : 0);
    return enough
        ? null
        : "the system lets this process open only "
            + found
            + " further files, and vae4j needs "
            + NEEDED
            + "; "
            + REMEDY;
  }

  /**
   * Gives the reserve back, after a failure.
   *
   * @return the remedy if this process may open no more files; otherwise nothing
   */
  String giveBack() {
    boolean more = Files.notExists(ANY) || openUntil(held.size() + FEW);
    close();
    return more ? "" : "; " + REMEDY;
  }

  private static void loadMessages() {
    try {
      for (Class<?> type : MESSAGES) {
        Class.forName(type.getName());
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean openUntil(int count) {
    try {
      while (held.size() < count) {
        held.push(new FileInputStream(ANY.toFile()));
      }
      return true;
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  private void closeUntil(int count) {
    while (held.size() > count) {
      try {
        held.pop().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    closeUntil(0);
  }
}
