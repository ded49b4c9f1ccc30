// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Programs;
import io.github.vae4j.backend.NativeBuild;
import io.github.vae4j.backend.NativeLibrary;
import io.github.vae4j.backend.SanitizedLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that use libvae4j or its sources without a JVM: native/tests, built by g++. */
final class NativeProgramsTest {
  private static final Path NATIVE = Path.of("native").toAbsolutePath();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"smoke", "images"})
  void aProgramInC99UsesTheLibrary(String name) throws Exception {
    NativeLibrary.compileC99(folder, name);
    String said =
        programs()
            .run(
                Map.of("LD_LIBRARY_PATH", NativeLibrary.folders()),
                List.of(folder.resolve(name).toString()));
    assertTrue(said.contains(": 0 failures"), said);
  }

  private Programs programs() {
    return new Programs(folder);
  }

  @Test
  void elementaryFunctionsAreAccurate() throws Exception {
    Map<String, String> architectures =
        Map.of("baseline", "x86-64", "avx2", "x86-64-v3", "avx512", "x86-64-v4");
    for (String isa : Isa.names()) {
      Path program = Path.of("target/native-elements", isa, "elements").toAbsolutePath();
      NativeBuild.make(
          program,
          List.of(
              "g++",
              "-std=c++17",
              "-O2",
              "-march=" + architectures.get(isa),
              "-fno-math-errno",
              "-fno-trapping-math",
              "-DVAE4J_ISA=" + isa,
              "-I" + NATIVE.resolve("src"),
              NATIVE.resolve("tests/elements.cpp").toString(),
              "-o",
              program.toString()));
      String said = programs().run(Map.of(), List.of(program.toString()));
      assertTrue(said.endsWith("\n0 failures\n"), isa + ":\n" + said);
    }
  }

  @Test
  void jsonIsReadStrictly() throws Exception {
    String said = SanitizedLibrary.build().run(folder, "json", List.of());
    assertTrue(said.endsWith("json: 0 failures\n"), said);
  }
}
