// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.JavaCommand;
import io.github.vae4j.cli.FileFaults.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that a signal ends and that is resumed has the same bits as an uninterrupted one. */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class InterruptTest {
  @TempDir Path folder;

  private String[] train(Path out, String... more) throws IOException {
    Path data = folder.resolve("data.csv");
    if (Files.notExists(data)) {
      StringBuilder text = new StringBuilder("a,b,c\n");
      for (int i = 0; i < 70; i++) {
        text.append(i % 7).append(',').append(i % 3 - 1).append(',').append(i / 35.0).append('\n');
      }
      Files.writeString(data, text);
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--schema=none",
                "--data=" + data,
                "--out=" + out,
                "--hidden=4",
                "--latent=2"));
    arguments.addAll(List.of("--batch=8", "--validation=0.2", "--ema=0.9", "--backend=reference"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static int epochs(Path run) throws IOException {
    Path metrics = run.resolve("metrics.jsonl");
    return Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void savesSaysHowToGoOnAndGoesOnToTheBit(String signal, int code) throws Exception {
    Path run = folder.resolve("my run");
    Subprocess process =
        Subprocess.signallable(folder, Map.of(), Subprocess.SHORT, train(run, "--epochs=1000000"));
    while (epochs(run) < 3 && process.process().isAlive()) {
      Thread.sleep(20);
    }
    process.signal(signal);
    Subprocess.Ended ended = process.join();
    assertEquals(code, ended.code(), ended.err());
    String hint = "and saved; go on with: ./vae4j train --out '" + run + "' --resume";
    assertTrue(ended.err().contains(hint), ended.err());
    assertFalse(ended.err().contains("Exception"), ended.err());
    String first =
        "vae4j: stops after this step, and saves; a second signal ends at once and loses ";
    assertTrue(
        ended.err().contains(first + "the steps since the checkpoint in epoch "), ended.err());
    assertFalse(Files.exists(run.resolve(".lock")), "the lock file is removed");

    int until = epochs(run) + 2;
    Cli resumed =
        Cli.ok("train", "--out=" + run, "--resume", "--epochs=" + until, "--backend=reference");
    assertTrue(resumed.out().contains("resumed: in epoch "), resumed.out());
    Path alone = folder.resolve("alone");
    Cli.ok(train(alone, "--epochs=" + until));
    assertEquals(until, epochs(run));
    assertArrayEquals(
        Files.readAllBytes(alone.resolve("model.safetensors")),
        Files.readAllBytes(run.resolve("model.safetensors")));
    assertEquals(Cli.specification(alone), Cli.specification(run));
  }

  /** A run whose output nobody reads, and whose thread waits for a reader. */
  private Process stalled(Path run, Path err) throws Exception {
    List<String> command = new ArrayList<>(HandledSignals.prefix());
    List<String> arguments = List.of(train(run, "--epochs=1000000", "--json"));
    command.addAll(JavaCommand.of(List.of(), Main.class, arguments));
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    int before = -1;
    while (process.isAlive() && (before < 20 || epochs(run) != before)) {
      before = epochs(run);
      Thread.sleep(1000);
    }
    assertTrue(process.isAlive(), Files.readString(err));
    return process;
  }

  @Test
  void aReaderThatDoesNotReadDoesNotKeepASignalFromEndingARun() throws Exception {
    Path run = folder.resolve("run");
    Path err = folder.resolve("err.txt");
    Process process = stalled(run, err);
    new Subprocess(process, err, err).signal("TERM");
    Subprocess.Ended ended = new Subprocess(process, err, err).join();
    assertEquals(143, ended.code(), ended.err());
    assertTrue(
        ended.err().contains("vae4j: ended, as nobody reads its output, without saving; lost: "),
        ended.err());
    int done = epochs(run);
    Cli.ok("train", "--out=" + run, "--resume", "--epochs=" + (done + 1), "--backend=reference");
    assertEquals(done + 1, epochs(run));
    Path alone = folder.resolve("alone");
    Cli.ok(train(alone, "--epochs=" + (done + 1)));
    assertArrayEquals(
        Files.readAllBytes(alone.resolve("model.safetensors")),
        Files.readAllBytes(run.resolve("model.safetensors")));
  }

  /** Waits for a line of standard error that contains a text. */
  private static void said(Subprocess process, String text) throws Exception {
    while (!Files.readString(process.err()).contains(text)) {
      assertTrue(process.process().isAlive(), Files.readString(process.err()));
      Thread.sleep(5);
    }
  }

  /** A run of three epochs in "run" below the faults' folder, which waits at a call. */
  private Subprocess held(FileFaults faults, Plan plan) throws Exception {
    faults.plan(plan);
    String[] arguments = train(faults.root().resolve("run"), "--epochs=3");
    Subprocess process =
        Subprocess.signallable(folder, faults.environment(), Subprocess.SHORT, arguments);
    faults.await(process);
    return process;
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void aSignalInTheFinalPicturesDoesNotMakeACompleteRunInterrupted() throws Exception {
    FileFaults faults = FileFaults.in(folder);
    Path run = faults.root().resolve("run");
    Subprocess process = held(faults, Plan.hold(FileFaults.CREATE, "training.png", 1));
    process.signal("INT");
    said(
        process,
        "vae4j: the run is complete and saved; a second signal ends it at once, without its"
            + " pictures");
    faults.plan(Plan.NOTHING);
    Subprocess.Ended ended = process.join();
    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.out().contains("done: "), ended.out());
    assertTrue(Files.exists(run.resolve("training.png")));
  }

  @ParameterizedTest
  @CsvSource({"INT, INT, 130", "INT, TERM, 143", "TERM, INT, 130"})
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void aSecondSignalEndsARunThatSavesAndLosesWhatItSays(String first, String second, int code)
      throws Exception {
    FileFaults faults = FileFaults.in(folder);
    Path run = faults.root().resolve("run");
    // The third checkpoint, which is that after the second epoch, does not arrive on the disk.
    Subprocess process = held(faults, Plan.hold(FileFaults.SYNC, "checkpoint.safetensors", 3));
    process.signal(first);
    String loss = "the steps since the checkpoint in epoch 2, after 7 steps";
    said(
        process,
        "vae4j: stops after this step, and saves; a second signal ends at once and loses " + loss);
    process.signal(second);
    Subprocess.Ended ended = process.join();
    faults.plan(Plan.NOTHING);
    assertEquals(code, ended.code(), ended.err());
    assertTrue(
        ended.err().contains("vae4j: ended at once, without saving; lost: " + loss), ended.err());
    Cli resumed = Cli.ok("train", "--out=" + run, "--resume", "--backend=reference");
    assertTrue(resumed.out().contains("resumed: in epoch 2 of 3, after 7 steps"), resumed.out());
    Path alone = folder.resolve("alone");
    Cli.ok(train(alone, "--epochs=3"));
    RunChecks.same(alone, run);
  }

  @Test
  void withJsonTheLastObjectSaysStopped() throws Exception {
    Path run = folder.resolve("run");
    Subprocess process =
        Subprocess.signallable(
            folder, Map.of(), Subprocess.SHORT, train(run, "--epochs=1000000", "--json"));
    while (epochs(run) < 1 && process.process().isAlive()) {
      Thread.sleep(20);
    }
    process.signal("TERM");
    Subprocess.Ended ended = process.join();
    List<JsonNode> objects = new Cli(0, ended.out(), "").objects();
    JsonNode last = objects.get(objects.size() - 1);
    assertEquals("stopped", last.get("end").asText(), ended.out());
    assertTrue(last.get("step").asLong() > 0, ended.out());
    assertEquals(epochs(run), objects.size() - 1);
  }
}
