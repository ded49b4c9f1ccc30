// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that a signal ends and that is resumed has the same bits as an uninterrupted one. */
@EnabledOnOs(OS.LINUX)
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
            List.of("train", "--data=" + data, "--out=" + out, "--hidden=4", "--latent=2"));
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
        Subprocess.start(folder, Map.of(), List.of(), train(run, "--epochs=1000000"));
    while (epochs(run) < 3 && process.process().isAlive()) {
      Thread.sleep(20);
    }
    process.signal(signal);
    Subprocess.Ended ended = process.join();
    assertEquals(code, ended.code(), ended.err());
    String hint = "and saved; go on with: ./vae4j train --out '" + run + "' --resume";
    assertTrue(ended.err().contains(hint), ended.err());
    assertFalse(ended.err().contains("Exception"), ended.err());

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
    assertEquals(
        Files.readString(alone.resolve("vae.json")), Files.readString(run.resolve("vae.json")));
  }

  @Test
  void withJsonTheLastObjectSaysStopped() throws Exception {
    Path run = folder.resolve("run");
    Subprocess process =
        Subprocess.start(folder, Map.of(), List.of(), train(run, "--epochs=1000000", "--json"));
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
