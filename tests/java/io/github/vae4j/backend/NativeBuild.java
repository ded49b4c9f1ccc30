// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.Programs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Outputs of compilers in target, which stay there and are made again if they are out of date. */
public final class NativeBuild {
  private static final Path NATIVE = Path.of("native").toAbsolutePath();

  /** Flags of g++ for a program of native/tests. Without contraction the model has Java's bits. */
  public static final List<String> PROGRAM =
      List.of(
          "-std=c++17",
          "-Wall",
          "-Wextra",
          "-Werror",
          "-ffp-contract=off",
          "-I" + NATIVE.resolve("include"),
          "-I" + NATIVE.resolve("src"));

  private NativeBuild() {}

  /** A part of a build. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  /** Does the work while no other process does work in this folder: surefire has forks. */
  static void alone(Path folder, Work work) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assert lock.isValid();
      work.run();
    }
  }

  /**
   * Makes a file by a command, unless it was made by the same command and no header of native and
   * no file that the command names is newer.
   *
   * @param output in a folder of its own; the command names it
   * @return the output
   */
  public static Path make(Path output, List<String> command)
      throws IOException, InterruptedException {
    Path folder = Objects.requireNonNull(output.toAbsolutePath().getParent());
    Path made = folder.resolve("made");
    String text = String.join("\n", command);
    alone(
        folder,
        () -> {
          if (Files.exists(output)
              && Files.exists(made)
              && Files.readString(made).equals(text)
              && !isOlder(made, output, command)) {
            return;
          }
          Files.deleteIfExists(made);
          Files.deleteIfExists(output);
          FileTime begun = FileTime.from(Instant.now());
          new Programs(folder).run(Map.of(), command);
          Files.writeString(made, text);
          Files.setLastModifiedTime(made, begun);
        });
    return output;
  }

  private static boolean isOlder(Path made, Path output, List<String> command) throws IOException {
    List<Path> inputs = new ArrayList<>();
    for (String folder : List.of("include", "src", "tests")) {
      try (Stream<Path> files = Files.walk(NATIVE.resolve(folder))) {
        files.filter(file -> file.toString().matches(".*\\.(h|hpp)")).forEach(inputs::add);
      }
    }
    command.stream().map(Path::of).filter(Files::isRegularFile).forEach(inputs::add);
    inputs.remove(output);
    FileTime time = Files.getLastModifiedTime(made);
    for (Path input : inputs) {
      if (Files.getLastModifiedTime(input).compareTo(time) > 0) {
        return true;
      }
    }
    return false;
  }
}
