// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The library as a module: a user's module is compiled, then run, each in a separate process. */
class ModuleTest {
  private static final String USER =
      """
      package user;
      import io.github.vae4j.*;
      import io.github.vae4j.backend.*;
      import io.github.vae4j.data.*;
      import io.github.vae4j.model.*;
      import io.github.vae4j.tensor.*;
      import io.github.vae4j.train.*;
      public final class Main {
        public static void main(String[] arguments) {
          Objective objective = Objective.of(Objective.Bound.iwae(2).doublyReparameterized());
          try (DataSet rows = DataSets.head(DataSets.open("mnist"), 64);
              Vae vae =
                  Vae.create(
                      VaeSpec.builder(784).hidden(8).latent(2).build(),
                      new BackendOptions(BackendOptions.Kind.KIND, 1, Precision.FP32),
                      0)) {
            vae.train(
                rows,
                null,
                TrainConfig.builder().epochs(1).objective(objective).build(),
                TrainListener.NONE);
            System.out.print(vae.backend().name() + " " + vae.sample(Sampling.of(3)).rows());
          }
        }
      }
      """;

  private static String program(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  private static String modulePath() throws IOException {
    return "target/classes"
        + File.pathSeparator
        + Files.readString(Path.of("target/classpath.txt"));
  }

  /** Its output, after its exit code. */
  private static String run(Path folder, List<String> command) throws Exception {
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(300, TimeUnit.SECONDS), "still running: " + command);
    return process.exitValue() + " " + Files.readString(output, StandardCharsets.UTF_8);
  }

  private static String compile(Path folder, String source) throws Exception {
    Path module = folder.resolve("module-info.java");
    Files.writeString(module, "module user { requires io.github.vae4j; }");
    Path main = folder.resolve("Main.java");
    Files.writeString(main, source);
    return run(
        folder,
        List.of(
            program("javac"),
            "-Xlint:all",
            "-p",
            modulePath(),
            "-d",
            folder.resolve("user").toString(),
            module.toString(),
            main.toString()));
  }

  private static String runUser(Path folder) throws Exception {
    return run(
        folder,
        List.of(
            program("java"),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-p",
            folder.resolve("user") + File.pathSeparator + modulePath(),
            "-m",
            "user/user.Main"));
  }

  @Test
  void aModuleOfAUserTrainsAndSamples(@TempDir Path folder) throws Exception {
    assertEquals("0 ", compile(folder, USER.replace("KIND, 1", "REFERENCE, 1")));
    assertEquals("0 reference 3", runUser(folder));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void theNativeLibraryIsFoundInTheModule(@TempDir Path folder) throws Exception {
    assertEquals("0 ", compile(folder, USER.replace("KIND, 1", "CPU, 1")));
    assertEquals("0 cpu 3", runUser(folder));
  }

  @Test
  void opsAndCommandsAreNotExported(@TempDir Path folder) throws Exception {
    for (String hidden : List.of("backend.op.Dense", "backend.cpu.CpuBackend", "cli.Main")) {
      String source = "package user; class Main { io.github.vae4j.%s it; }".formatted(hidden);
      String answer = compile(folder, source);
      assertTrue(answer.startsWith("1 ") && answer.contains("is not visible"), answer);
    }
  }

  @Test
  void theCommandLineRunsAsAModule(@TempDir Path folder) throws Exception {
    String answer =
        run(
            folder,
            List.of(
                program("java"),
                "-p",
                modulePath(),
                "--add-modules",
                "info.picocli",
                "-m",
                "io.github.vae4j/io.github.vae4j.cli.Main",
                "doctor",
                "--json"));
    assertTrue(answer.startsWith("0 {"), answer);
  }
}
