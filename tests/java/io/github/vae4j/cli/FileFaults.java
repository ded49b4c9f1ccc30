// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Faults of the file system below one folder, in a process that loads tests/faults first.
 *
 * @param library the library
 * @param root the folder
 * @param control the file of the plan
 */
record FileFaults(Path library, Path root, Path control) {
  /** Kinds of calls; a plan counts those of some kinds. */
  static final int READ = 1;

  static final int CREATE = 2;
  static final int WRITE = 4;
  static final int SYNC = 8;
  static final int RENAME = 16;
  static final int REMOVE = 32;
  static final int MKDIR = 64;
  static final int CHMOD = 128;
  static final int TRUNCATE = 256;

  /** All calls that can change a file. */
  static final int CHANGES = CREATE | WRITE | SYNC | RENAME | REMOVE | MKDIR | CHMOD | TRUNCATE;

  private static final Path SOURCE = Path.of("tests/faults/faults.cpp");
  private static final int TEXT = 256;
  private static final int TEXTS = 3;
  private static final int NUMBERS = 7 * Long.BYTES;

  /** The acts of the library, by their numbers. */
  enum Action {
    NONE(0),
    KILL_BEFORE(1),
    KILL_HALF(2),
    KILL_AFTER(3),
    FAIL(4),
    COPY(5),
    HOLD(6);

    private final long number;

    Action(long number) {
      this.number = number;
    }
  }

  /**
   * A plan.
   *
   * @param kinds the sum of those that count
   * @param action at the call
   * @param at the number of the call, from 1
   * @param repeat the number of calls that fail from there on
   * @param error the errno
   * @param copies the folder of copies; empty for none
   * @param part of the paths that count; empty for all
   */
  record Plan(
      int kinds, Action action, long at, long repeat, int error, String copies, String part) {
    static final Plan NOTHING = new Plan(0, Action.NONE, 0, 0, 0, "", "");

    /** Calls that fail. */
    static Plan fail(int kinds, int error, long at, long repeat) {
      return new Plan(kinds, Action.FAIL, at, repeat, error, "", "");
    }

    /** A call at which the process is killed. */
    static Plan kill(Action action, long at) {
      return new Plan(CHANGES, action, at, 1, 0, "", "");
    }

    /** Copies at all calls that change a file. */
    static Plan copy(Path to) {
      return new Plan(CHANGES, Action.COPY, 0, 0, 0, to.toString(), "");
    }

    /** A call on a file that lasts until the next plan. */
    static Plan hold(int kinds, String part, long at) {
      return new Plan(kinds, Action.HOLD, at, 1, 0, "", part);
    }

    /** Of calls on files whose path has a part. */
    Plan on(String file) {
      return new Plan(kinds, action, at, repeat, error, copies, file);
    }

    Plan from(long call) {
      return new Plan(kinds, action, call, repeat, error, copies, part);
    }
  }

  /**
   * The result of a plan.
   *
   * @param calls that counted
   * @param fired the number of those at which the library acted
   * @param call the first of them: its kind and its file
   */
  record Outcome(long calls, long fired, String call) {}

  /** The library of all tests of this process. */
  private static final class Library {
    private static final Path FILE = build();

    private static Path build() {
      try {
        Path folder = Files.createTempDirectory("vae4j-faults");
        Path library = folder.resolve("libfaults.so");
        String compiler = System.getenv().getOrDefault("CXX", "g++");
        List<String> command = new ArrayList<>(List.of(compiler, "-std=c++17", "-O1"));
        command.addAll(List.of("-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"));
        command.addAll(List.of(SOURCE.toString(), "-o", library.toString()));
        Programs programs = new Programs(folder);
        programs.run(Map.of(), command);
        // Deleted in the reverse order.
        for (Path file : List.of(folder, programs.output(), library)) {
          file.toFile().deleteOnExit();
        }
        return library;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** Faults in the folder "root" of a folder. */
  static FileFaults in(Path folder) throws IOException {
    Path root = Files.createDirectory(folder.resolve("root")).toRealPath();
    FileFaults faults = new FileFaults(Library.FILE, root, folder.resolve("control"));
    faults.plan(Plan.NOTHING);
    return faults;
  }

  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "VAE4J_FAULTS_ROOT",
        root.toString(),
        "VAE4J_FAULTS_CONTROL",
        control.toString());
  }

  /** Counts from now on, by a plan. */
  void plan(Plan plan) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(NUMBERS + TEXTS * TEXT).order(ByteOrder.nativeOrder());
    bytes.putLong(0).putLong(plan.kinds()).putLong(plan.action().number).putLong(plan.at());
    bytes.putLong(plan.repeat()).putLong(plan.error()).putLong(0);
    bytes.position(NUMBERS + TEXT);
    bytes.put(plan.copies().getBytes(StandardCharsets.UTF_8));
    bytes.position(NUMBERS + 2 * TEXT);
    bytes.put(plan.part().getBytes(StandardCharsets.UTF_8));
    bytes.clear();
    try (FileChannel channel =
        FileChannel.open(control, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(bytes);
    }
  }

  /** Waits until the library has acted in a process. */
  void await(Subprocess process) throws IOException, InterruptedException {
    while (outcome().fired() == 0) {
      assertTrue(process.process().isAlive(), "ended before the call");
      Thread.sleep(5);
    }
  }

  Outcome outcome() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(control)).order(ByteOrder.nativeOrder());
    String call =
        new String(bytes.array(), NUMBERS, TEXT, StandardCharsets.UTF_8).replace("\0", "");
    return new Outcome(bytes.getLong(0), bytes.getLong(NUMBERS - Long.BYTES), call);
  }
}
