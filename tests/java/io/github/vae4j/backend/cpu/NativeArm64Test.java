// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vae4j.Programs;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The package for arm64, which mvn -Parm64 makes, under qemu: programs that are compiled with the
 * unpacked archive alone.
 */
final class NativeArm64Test {
  private static final String COMPILER = "aarch64-linux-gnu-gcc";

  @TempDir Path folder;

  private static Optional<String> installed(String... programs) {
    return Stream.of(programs)
        .filter(
            program ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                    .anyMatch(path -> Files.isExecutable(Path.of(path, program))))
        .findFirst();
  }

  private String run(String... command) throws Exception {
    return new Programs(folder).run(Map.of(), List.of(command));
  }

  @ParameterizedTest
  @CsvSource({
    "native/examples/dense.c, 'y = (4.5, 1), (0.5, 0)'",
    "native/tests/images.c, ': 0 failures'"
  })
  void aProgramRuns(String source, String last) throws Exception {
    Loader.load(Native.class);
    String name = "vae4j-" + Native.vae4j_version() + "-linux-arm64";
    Path archive = Path.of("target/native", name + ".tar.gz").toAbsolutePath();
    assumeTrue(Files.exists(archive), "mvn verify -Parm64 makes and tests the package for arm64");
    Optional<String> emulator = installed("qemu-aarch64", "qemu-aarch64-static");
    assumeTrue(emulator.isPresent(), "qemu-user is not installed: arm64 is not tested");
    assumeTrue(installed(COMPILER).isPresent(), COMPILER + " is not installed");
    run("tar", "-xzf", archive.toString(), "-C", folder.toString());
    Path unpacked = folder.resolve(name);
    Path lib = unpacked.resolve("lib");
    Path program = folder.resolve("program");
    run(
        COMPILER,
        "-std=c99",
        Path.of(source).toAbsolutePath().toString(),
        "-I" + unpacked.resolve("include"),
        "-L" + lib,
        "-Wl,-rpath," + lib,
        "-lvae4j",
        "-lm",
        "-o",
        program.toString());
    Path libc = Path.of(run(COMPILER, "-print-file-name=libc.so.6").strip()).toRealPath();
    String root = libc.resolve("../..").normalize().toString();
    String said = run(emulator.get(), "-L", root, program.toString());
    assertTrue(said.strip().endsWith(last), said);
  }
}
