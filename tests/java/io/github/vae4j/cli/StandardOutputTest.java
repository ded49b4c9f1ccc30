// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Output that cannot be written, and a reader that closes the pipe. */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class StandardOutputTest {
  private static final String LOST =
      "vae4j: error: standard output cannot be written: No space left on device\n";

  @TempDir static Path shared;
  @TempDir Path folder;

  private static String model = "";
  private static String data = "";

  @BeforeAll
  static void train() throws IOException {
    data = Cli.binaryRows(shared);
    model = "--model=" + shared.resolve("run");
    Cli.ok(
        "train",
        "--schema=none",
        data,
        "--out=" + shared.resolve("run"),
        "--epochs=1",
        "--backend=reference");
  }

  /** A command line for each kind of output; OUT is the folder of the test. */
  static Stream<List<String>> commands() {
    return Stream.of(
        List.of("--help"),
        List.of("--version"),
        List.of("train", "--help"),
        List.of("inspect", model, "--json"),
        List.of("evaluate", model, data, "--backend=reference"),
        List.of("sample", model, "--backend=reference", "--out=OUT/x.csv"),
        List.of("encode", model, data, "--backend=reference", "--json", "--out=OUT/x.csv"));
  }

  private Subprocess.Ended run(String line, List<String> command) throws Exception {
    String[] arguments =
        command.stream()
            .map(argument -> argument.replace("OUT", folder.toString()))
            .toArray(String[]::new);
    return Subprocess.shell(folder, line, Subprocess.SHORT, arguments).join();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aFullDiskIsAFailure(List<String> command) throws Exception {
    assumeTrue(Files.isWritable(Path.of("/dev/full")), "no /dev/full");
    Subprocess.Ended ended = run("\"$@\" >/dev/full", command);
    assertEquals(1, ended.code(), ended.err());
    assertTrue(ended.err().endsWith(LOST), ended.err());
    assertEquals(1, ended.err().split("vae4j: error", -1).length - 1, ended.err());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aClosedPipeEndsQuietlyAsSigpipeWould(List<String> command) throws Exception {
    Subprocess.Ended ended = run("\"$@\" | true; exit ${PIPESTATUS[0]}", command);
    assertEquals(141, ended.code(), ended.err());
    assertEquals(
        "",
        ended.err().lines().filter(line -> !line.startsWith("INFO")).reduce("", String::concat));
  }

  @Test
  void aRunWhoseReaderIsGoneTrainsOnAndSaves() throws Exception {
    List<String> train =
        List.of(
            "train", "--schema=none", data, "--out=OUT/run", "--epochs=3", "--backend=reference");
    Subprocess.Ended ended = run("\"$@\" | head -1; exit ${PIPESTATUS[0]}", train);
    assertEquals(0, ended.code(), ended.err());
    assertEquals(1, ended.out().lines().count(), ended.out());
    assertEquals(3, Files.readAllLines(folder.resolve("run/metrics.jsonl")).size());
    assertTrue(Files.exists(folder.resolve("run/model.safetensors")));
  }

  @Test
  void aRunWhoseOutputIsLostIsSavedAndSaysSo() throws Exception {
    assumeTrue(Files.isWritable(Path.of("/dev/full")), "no /dev/full");
    List<String> train =
        List.of(
            "train",
            "--schema=none",
            data,
            "--out=OUT/run",
            "--epochs=3",
            "--backend=reference",
            "--json");
    Subprocess.Ended ended = run("\"$@\" >/dev/full", train);
    assertEquals(1, ended.code(), ended.err());
    assertTrue(ended.err().endsWith(LOST), ended.err());
    assertEquals(3, Files.readAllLines(folder.resolve("run/metrics.jsonl")).size());
  }

  @Test
  void aFailureKeepsItsOwnMessageAndCode() throws Exception {
    assumeTrue(Files.isWritable(Path.of("/dev/full")), "no /dev/full");
    Subprocess.Ended ended = run("\"$@\" >/dev/full", List.of("train", "--nonsense"));
    assertEquals(2, ended.code(), ended.err());
    assertTrue(!ended.err().contains("standard output"), ended.err());
  }
}
