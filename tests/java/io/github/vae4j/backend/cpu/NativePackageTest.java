// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * native/package.sh, and the examples of its archive, built from the unpacked archive alone in each
 * way that docs/embedding.md shows.
 */
final class NativePackageTest {
  private static final Path NATIVE = Path.of("native").toAbsolutePath();
  private static final String SAID = "y = (4.5, 1), (0.5, 0)\n";

  @TempDir static Path shared;

  private static NativePackage made;

  /** The unpacked archive. */
  private static Path unpacked;

  @TempDir Path folder;

  @BeforeAll
  static void unpack() throws Exception {
    made = new NativePackage(shared);
    made.packAndUnpack();
    unpacked = made.unpacked();
  }

  private static String run(List<String> command) throws Exception {
    return made.run(command);
  }

  /** Compiles a program in C and returns what it says. */
  private String compiled(List<String> flags) throws Exception {
    Path program = folder.resolve("program");
    List<String> command = new ArrayList<>(List.of("gcc", "-std=c99", "-Wall", "-Wextra"));
    command.addAll(List.of("-pedantic", "-Werror", example("dense.c"), "-o", program.toString()));
    command.addAll(flags);
    run(command);
    return run(List.of(program.toString()));
  }

  private static String example(String name) {
    return unpacked.resolve("examples").resolve(name).toString();
  }

  @Test
  void thePlainLineOfTheDocument() throws Exception {
    Path lib = unpacked.resolve("lib");
    String said =
        compiled(
            List.of(
                "-I" + unpacked.resolve("include"), "-L" + lib, "-Wl,-rpath," + lib, "-lvae4j"));
    assertTrue(said.endsWith(SAID), said);
  }

  @Test
  void pkgConfig() throws Exception {
    NativePackage.needs("pkg-config");
    String flags =
        new Programs(folder)
            .run(
                Map.of("PKG_CONFIG_PATH", unpacked.resolve("lib/pkgconfig").toString()),
                List.of("pkg-config", "--cflags", "--libs", "vae4j >= 0.1"));
    String said = compiled(List.of(flags.strip().split(" +", -1)));
    assertTrue(said.endsWith(SAID), said);
  }

  @Test
  void cmake() throws Exception {
    NativePackage.needs("cmake");
    String build = folder.resolve("build").toString();
    run(List.of("cmake", "-S", example(""), "-B", build, "-DCMAKE_PREFIX_PATH=" + unpacked));
    run(List.of("cmake", "--build", build));
    String said = run(List.of(build + "/dense"));
    assertTrue(said.endsWith(SAID), said);
  }

  @Test
  void cmakeTakesNoOtherSeries() throws Exception {
    NativePackage.needs("cmake");
    for (String version : List.of("0.0.9", "0.2", "1")) {
      Path project = Files.createDirectory(folder.resolve(version));
      Files.writeString(
          project.resolve("CMakeLists.txt"),
          "cmake_minimum_required(VERSION 3.16)\nproject(p C)\nfind_package(vae4j "
              + version
              + ")\nif(vae4j_FOUND)\n  message(FATAL_ERROR taken)\nendif()\n");
      run(
          List.of(
              "cmake",
              "-S",
              project.toString(),
              "-B",
              project.resolve("build").toString(),
              "-DCMAKE_PREFIX_PATH=" + unpacked));
    }
  }

  @Test
  void itHasEveryHeaderLicenceAndLibrary() throws Exception {
    assertEquals(names(NATIVE.resolve("include")), names(unpacked.resolve("include")));
    assertEquals(
        Set.of(
            "libvae4j.so",
            "libvae4j.so.0",
            "libvae4j.so.0.1.0",
            "libdnnl.so.3",
            "libgomp.so.1",
            "pkgconfig",
            "cmake"),
        names(unpacked.resolve("lib")));
    assertTrue(Files.isExecutable(unpacked.resolve("examples/score.py")));
    String readme = Files.readString(unpacked.resolve("README.md"));
    for (String licence : names(unpacked.resolve("licenses"))) {
      assertTrue(readme.contains("`licenses/" + licence + "`"), licence);
    }
    try (Stream<Path> files = Files.walk(unpacked)) {
      for (Path file : files.filter(f -> !f.startsWith(unpacked.resolve("lib"))).toList()) {
        assertTrue(
            Files.isDirectory(file) || !Files.readString(file).matches("(?s).*@[A-Z]+@.*"),
            () -> file + " has a placeholder");
      }
    }
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void theSameFilesGiveTheSameBytes() throws Exception {
    Path archive = made.archive();
    Path again = folder.resolve(archive.getFileName());
    made.pack(again, Map.of("TZ", "Asia/Tokyo", "LC_ALL", "C", "TAR_OPTIONS", "", "GZIP", ""));
    assertEquals(-1, Files.mismatch(archive, again));
  }
}
