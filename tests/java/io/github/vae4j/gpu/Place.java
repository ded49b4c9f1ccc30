// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folders and the device of a run.
 *
 * @param work a folder for temporary files
 * @param emulated whether the device is {@code tests/cudasim}
 * @param mnist the folder of MNIST's four files
 * @param peers the folder of the peers' programs; null for none
 */
record Place(Path work, boolean emulated, Path mnist, @Nullable Path peers) {
  /** No algorithm is timed: the first one is taken. */
  static final String UNTUNED = "-Dvae4j.cuda.tune=false";

  /** A JVM like this one, with the class path of this one. */
  List<String> java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(emulated ? "-Xmx1g" : "-Xmx24g");
    command.add("-XX:+UseSerialGC");
    command.add("-Djava.awt.headless=true");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.add("-Dorg.bytedeco.javacpp.cachedir=" + work.resolve("javacpp"));
    command.add("-Dvae4j.cuda.cache=" + work.resolve("kernels"));
    command.add("-Dvae4j.cuda.emulated=" + emulated);
    if (emulated) {
      // Its times mean nothing, and measuring them takes most of its time.
      command.add(UNTUNED);
    }
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  /** Where a program of the machine is; null if nowhere. */
  static @Nullable Path find(String program) {
    List<Path> folders = new ArrayList<>();
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(":", -1)) {
      folders.add(Path.of(folder));
    }
    folders.add(Path.of("/usr/local/cuda/bin"));
    for (Path folder : folders) {
      Path file = folder.resolve(program);
      if (Files.isExecutable(file) && !Files.isDirectory(file)) {
        return file;
      }
    }
    return null;
  }

  /** A new folder of the work folder, or the one that is there. */
  Path folder(String name) {
    Path folder = work.resolve(name);
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
  }
}
