// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * libvae4j and programs of native/tests with the address and the undefined-behaviour sanitizer.
 * They stay in target/native-sanitized.
 */
public final class SanitizedLibrary {
  private static final Path NATIVE = Path.of("native").toAbsolutePath();
  private static final Path FOLDER = Path.of("target/native-sanitized").toAbsolutePath();
  private static final Path OBJECTS = FOLDER.resolve("objects");
  private static final Path LIBRARY = FOLDER.resolve("libvae4j.so");

  /** No optimisation: the compiler, not the program, takes the time of a short run. */
  private static final List<String> FLAGS =
      List.of(
          "-O0",
          "-g1",
          "-fsanitize=address,undefined,float-cast-overflow",
          "-fno-sanitize-recover=all");

  private final Path oneDnn;
  private final Path model;

  private SanitizedLibrary(Path oneDnn, Path model) {
    this.oneDnn = oneDnn;
    this.model = model;
  }

  /** Builds the library; only files that are out of date are compiled. */
  public static SanitizedLibrary build() throws IOException, InterruptedException {
    Path oneDnn = Loader.cacheResource("/org/bytedeco/dnnl/linux-x86_64/").toPath();
    List<String> command = new ArrayList<>();
    command.addAll(List.of("bash", NATIVE.resolve("build.sh").toString(), OBJECTS.toString()));
    // build.sh compiles all files again if the version changes, but not if its flags do.
    command.addAll(List.of(LIBRARY.toString(), String.join(" ", FLAGS)));
    command.addAll(FLAGS);
    NativeBuild.alone(
        FOLDER, () -> new Programs(FOLDER).run(Map.of("BUILD_PATH", oneDnn.toString()), command));
    return new SanitizedLibrary(oneDnn, model());
  }

  /** An archive of native/src/model, whose functions the library does not export. */
  private static Path model() throws IOException, InterruptedException {
    Path archive = FOLDER.resolve("archive/model.a");
    List<String> command = new ArrayList<>(List.of("ar", "rcs", archive.toString()));
    try (Stream<Path> sources = Files.list(NATIVE.resolve("src/model"))) {
      sources
          .map(source -> source.getFileName().toString())
          .filter(name -> name.endsWith(".cpp"))
          .sorted()
          .map(name -> OBJECTS.resolve("model_" + name.replace(".cpp", ".o")).toString())
          .forEach(command::add);
    }
    return NativeBuild.make(archive, command);
  }

  /** The library's file. */
  public Path library() {
    return LIBRARY;
  }

  /**
   * Builds native/tests/NAME.cpp and returns the program's output; fails if the program does.
   *
   * @param folder of the test
   */
  public String run(Path folder, String name, List<String> arguments)
      throws IOException, InterruptedException {
    Path program = FOLDER.resolve(name).resolve("program");
    List<String> command = new ArrayList<>(List.of("g++"));
    command.addAll(NativeBuild.PROGRAM);
    command.addAll(FLAGS);
    command.addAll(List.of(NATIVE.resolve("tests/" + name + ".cpp").toString(), "-o"));
    // Functions of the C API are the library's: the archive has them too.
    command.addAll(List.of(program.toString(), "-Wl,--as-needed", LIBRARY.toString()));
    command.addAll(List.of(model.toString(), oneDnn.resolve("libdnnl.so.3").toString()));
    command.add(oneDnn.resolve("libgomp.so.1").toString());
    NativeBuild.make(program, command);
    List<String> started = new ArrayList<>(List.of(program.toString()));
    started.addAll(arguments);
    return new Programs(folder).run(Map.of("LD_LIBRARY_PATH", FOLDER + ":" + oneDnn), started);
  }
}
