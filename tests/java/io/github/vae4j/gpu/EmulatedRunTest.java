// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole of {@code tests/gpu/run.sh --emulated}, so that the script is tested before it runs on
 * a GPU machine. Scripts stand in for the programs that only a GPU machine has (Python with the
 * peers' frameworks, ncu, compute-sanitizer, nvidia-smi).
 */
@Tag("cuda")
@Tag("cudasim")
@Tag("slow")
final class EmulatedRunTest {
  private static final int PATIENCE_SECONDS = 400;
  private static final int MOST_FILES = 8;

  /** Answers each line as a peer's program would; JAX's dies at the second. */
  private static final String PYTHON =
      """
      #!/bin/bash
      [[ $1 == -u ]] || { echo "torch 2.11.0, jax 0.11.2"; exit; }
      runs=0
      while read -r workload mode rest; do
        runs=$((runs + 1))
        [[ $2 == *torch* || $runs == 1 ]] || exit 9
        echo "not JSON"
        echo "{\\"workload\\":\\"$workload\\",\\"mode\\":\\"$mode\\",\\"us_per_step\\":100.5}"
      done
      """;

  private static final String NCU =
      """
      #!/bin/bash
      cat <<'CSV'
      ==PROF== Connected to process 1
      {"step_us":1}
      "ID","Process ID","Kernel Name","Metric Name","Metric Unit","Metric Value"
      "0","1","gather_uint8","gpu__time_duration.sum","ns","2,000"
      "0","1","gather_uint8","dram__bytes.sum","byte","4,000,000"
      "1","1","gather_uint8","gpu__time_duration.sum","ns","4,000"
      ==PROF== Disconnected
      CSV
      """;

  private static final String SANITIZER =
      """
      #!/bin/bash
      echo "========= ERROR SUMMARY: 0 errors"
      """;

  private static final String SMI =
      """
      #!/bin/bash
      [[ $1 == -q ]] || echo "Emulated, 1, 2 MiB, 3 MHz, 4 MHz, 5 MHz, 6 MHz, 7 W, 8, Enabled, Disabled"
      """;

  @TempDir Path folder;

  @BeforeEach
  void playTheMachine() throws IOException {
    program("python3", PYTHON);
    program("ncu", NCU);
    program("compute-sanitizer", SANITIZER);
    program("nvidia-smi", SMI);
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", "tests/gpu/run.sh", "--emulated"));
    command.add(folder.resolve("out").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("log").toFile());
    builder.environment().merge("PATH", folder.resolve("bin") + ":", (path, ours) -> ours + path);
    builder.environment().put("VAE4J_PEERS", folder.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("TMPDIR", folder.toString());
    return builder.start();
  }

  private Results results() throws IOException {
    return Results.read(folder.resolve("out/results.json"));
  }

  @Test
  void everyStageRuns() throws Exception {
    Process process = start("300");
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    String log = Files.readString(folder.resolve("log"));
    assertEquals(0, process.exitValue(), log);
    Results results = results();
    for (ObjectNode stage : results.stages()) {
      assertEquals("green", stage.path("status").asText(), Json.text(stage));
    }
    assertEquals("complete", results.head().path("ended").asText());
    assertEquals("Emulated", results.first("card").asText());
    assertTrue(results.objects("ops-bf16").get(0).path("passed").asInt() > 5, log);

    List<JsonNode> bench = results.objects("bench");
    JsonNode compared =
        bench.stream().filter(object -> object.has("compared")).findFirst().orElseThrow();
    double us = compared.path("step_us").asDouble();
    assertEquals(100.5 / us, compared.path("ratios").path("torch graph").asDouble(), 1e-9);
    // A peer that dies is a line, and is started anew.
    assertTrue(
        bench.stream().anyMatch(line -> line.path("error").asText().contains("ended with 9")));
    JsonNode kernel = results.objects("ncu").get(0);
    assertEquals(4, kernel.path("us").asDouble());
    assertEquals(1000, kernel.path("dram_gb_per_s").asDouble());
    assertEquals(
        "[\"========= ERROR SUMMARY: 0 errors\"]",
        Json.text(
            results.stages().stream()
                .filter(stage -> stage.path("name").asText().equals("racecheck"))
                .findFirst()
                .orElseThrow()
                .path("lines")));
    assertTrue(results.first("same_bits").asBoolean());

    Path runs = Files.createDirectories(folder.resolve("runs"));
    Files.copy(folder.resolve("out/results.json"), runs.resolve("now.json"));
    String page = HardwarePage.of(runs);
    assertTrue(page.contains("| `gather_uint8` | 4.00 | 1,000 |"), page);
    assertFewFiles();
  }

  @Test
  void aCutLeavesWhatWasLearned() throws Exception {
    for (String signal : List.of("TERM", "KILL")) {
      Process process = start("100", "--stages", "1,life");
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!Files.exists(folder.resolve("out/logs.tgz"))) {
        assertTrue(System.nanoTime() < end && process.isAlive(), "no stage ended");
        Thread.sleep(20);
      }
      List<ProcessHandle> started = process.descendants().toList();
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      process.waitFor();
      Results results = results();
      assertEquals("green", results.stages().get(0).path("status").asText());
      assertEquals("cut", results.head().path("ended").asText());
      String summary = Files.readString(folder.resolve("out/summary.md"));
      assertTrue(summary.contains("- 1 machine: green"), summary);
      assertFewFiles();
      started.forEach(ProcessHandle::destroyForcibly);
      for (ProcessHandle handle : started) {
        handle.onExit().get();
      }
      Files.delete(folder.resolve("out/logs.tgz"));
    }
  }

  private void assertFewFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertTrue(names.size() <= MOST_FILES, names.toString());
      assertTrue(
          names.stream().allMatch(name -> name.matches("[A-Za-z0-9._-]+")), names.toString());
    }
  }
}
