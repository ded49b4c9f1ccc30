// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.checkpoint.VaeJson;
import io.github.vae4j.train.EpochMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills runs by SIGKILL at random moments, resumes them, and compares each with a run that was
 * never killed. {@code -Dvae4j.kills=1000} sets the number of kills, {@code -Dvae4j.kills.seed=7}
 * the moments; the result is printed.
 */
@EnabledOnOs(OS.LINUX)
class KilledRunsTest {
  private static final int KILLS = Integer.getInteger("vae4j.kills", 4);
  private static final long SEED = Long.getLong("vae4j.kills.seed", 0);
  private static final int EPOCHS = 4;
  private static final int ROWS = 4000;
  private static final int MOST_KILLS_OF_A_CHAIN = 6;
  private static final int LONGEST_MILLIS = 1200;

  /** Options of which each chain takes one. */
  private static final List<List<String>> KINDS =
      List.of(
          List.of("--checkpoint-every=0.001"),
          List.of("--ema=0.9", "--checkpoint-every=0.05"),
          List.of("--validation=0.2", "--patience=3", "--checkpoint-every=0.02"),
          List.of("--checkpoint-every=0"));

  @TempDir Path folder;
  private final Random random = new Random(SEED);
  private int kills;
  private int killedInEpoch;
  private int leftTemporary;
  private int oldRunsKept;

  /** The files of a run, hidden ones too. */
  private static Map<String, byte[]> files(Path run) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    if (Files.exists(run)) {
      try (Stream<Path> all = Files.walk(run)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          files.put(run.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  private List<String> train(Path out, List<String> kind) throws IOException {
    Path data = folder.resolve("data.csv");
    if (Files.notExists(data)) {
      StringBuilder text = new StringBuilder("a,b,c\n");
      for (int i = 0; i < ROWS; i++) {
        text.append(i % 7)
            .append(',')
            .append(i % 3 - 1)
            .append(',')
            .append(i / (ROWS / 2.0))
            .append('\n');
      }
      Files.writeString(data, text);
    }
    List<String> arguments =
        new ArrayList<>(List.of("train", "--data=" + data, "--out=" + out, "--hidden=40"));
    arguments.addAll(List.of("--latent=2", "--batch=8", "--backend=reference"));
    arguments.add("--epochs=" + EPOCHS);
    arguments.addAll(kind);
    return arguments;
  }

  private static List<String> resume(Path out, List<String> kind) {
    return List.of(
        "train", "--out=" + out, "--resume", "--backend=reference", kind.get(kind.size() - 1));
  }

  /**
   * Starts a process and kills it soon after it uses the folder; returns whether it ended first.
   */
  private boolean killed(Path run, List<String> arguments) throws Exception {
    Subprocess process =
        Subprocess.start(folder, Map.of(), List.of(), arguments.toArray(String[]::new));
    // Mostly from its first step on, sometimes in its start.
    boolean start = random.nextInt(4) == 0;
    while (process.process().isAlive()
        && !(start
            ? Files.exists(run.resolve(".lock"))
            : Files.readString(process.out()).contains("ELBO = "))) {
      Thread.sleep(1);
    }
    int millis = random.nextInt(LONGEST_MILLIS);
    Thread.sleep(millis);
    boolean alive = process.process().isAlive();
    process.process().destroyForcibly().waitFor();
    if (!alive) {
      assertEquals(0, process.join().code(), Files.readString(process.err()));
      return false;
    }
    kills++;
    return true;
  }

  /** What a kill left: readable files, and the lines of whole epochs, one each. */
  private void check(Path run) throws IOException {
    leftTemporary +=
        (int) files(run).keySet().stream().filter(name -> name.endsWith(".tmp")).count();
    RunFolder files = new RunFolder(run);
    List<EpochMetrics> lines = files.readMetrics();
    assertEquals(
        IntStream.rangeClosed(1, lines.size()).boxed().toList(),
        lines.stream().map(EpochMetrics::epoch).toList());
    if (Files.exists(files.file(RunFolder.MODEL))) {
      ModelFile.load(files.file(RunFolder.MODEL));
    }
    if (Files.exists(files.file(RunFolder.SPECIFICATION))) {
      VaeJson.read(files.file(RunFolder.SPECIFICATION));
    }
    if (resumable(run)) {
      Checkpoint checkpoint = Checkpoint.load(run);
      assertTrue(lines.size() >= checkpoint.state().clock().epoch());
      killedInEpoch += checkpoint.state().clock().position() > 0 ? 1 : 0;
    }
  }

  private static boolean resumable(Path run) {
    return Files.exists(run.resolve("checkpoint.safetensors"))
        || Files.exists(run.resolve("checkpoint.previous.safetensors"));
  }

  private void compare(Path run, Path whole) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("model.safetensors")),
        Files.readAllBytes(run.resolve("model.safetensors")));
    assertEquals(Cli.specification(whole), Cli.specification(run));
    List<EpochMetrics> expected = new RunFolder(whole).readMetrics();
    List<EpochMetrics> lines = new RunFolder(run).readMetrics();
    assertEquals(expected.size(), lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertEquals(expected.get(i).epoch(), lines.get(i).epoch());
      assertEquals(expected.get(i).step(), lines.get(i).step());
      assertEquals(expected.get(i).trainElbo(), lines.get(i).trainElbo());
      assertEquals(expected.get(i).testElbo(), lines.get(i).testElbo());
      assertEquals(expected.get(i).gradientNorm(), lines.get(i).gradientNorm());
    }
    List<String> left =
        files(run).keySet().stream()
            .filter(name -> name.startsWith(".") || name.contains("/."))
            .toList();
    assertEquals(List.of(), left, "no hidden file is left");
  }

  /** Kills a run some times, and lets it end. */
  private void chain(Path run, List<String> kind, Path whole, int most) throws Exception {
    for (int i = 0; i < most && kills < KILLS; i++) {
      boolean killed = killed(run, resumable(run) ? resume(run, kind) : train(run, kind));
      if (!killed) {
        break;
      }
      check(run);
    }
    List<String> last = resumable(run) ? resume(run, kind) : train(run, kind);
    Cli.ok(last.toArray(String[]::new));
    compare(run, whole);
  }

  /** Kills the replacement of an old run, which must be whole or replaced by one to resume. */
  private void replacement(Path run, List<String> kind, Path whole) throws Exception {
    Cli.ok(Stream.concat(train(run, kind).stream(), Stream.of("--seed=9")).toArray(String[]::new));
    Map<String, byte[]> old = files(run);
    List<String> overwrite = new ArrayList<>(train(run, kind));
    overwrite.add("--overwrite");
    if (killed(run, overwrite)) {
      // The next start ends a replacement that was cut off; this one then has nothing to train.
      Cli.ok(resume(run, kind).toArray(String[]::new));
      Map<String, byte[]> now = files(run);
      if (sameModel(old, now)) {
        assertEquals(old.keySet(), now.keySet());
        oldRunsKept++;
        return;
      }
    }
    compare(run, whole);
  }

  private static boolean sameModel(Map<String, byte[]> a, Map<String, byte[]> b) {
    return Arrays.equals(a.get("model.safetensors"), b.get("model.safetensors"));
  }

  @Test
  void theResultIsThatOfARunThatWasNeverKilled() throws Exception {
    int chains = 0;
    Map<Integer, Path> wholes = new TreeMap<>();
    while (kills < KILLS) {
      int number = chains % KINDS.size();
      List<String> kind = KINDS.get(number);
      if (!wholes.containsKey(number)) {
        Path alone = folder.resolve("whole" + number);
        Cli.ok(train(alone, kind).toArray(String[]::new));
        wholes.put(number, alone);
      }
      Path run = folder.resolve("run" + chains);
      Path whole = wholes.getOrDefault(number, run);
      if (chains % 3 == 2) {
        replacement(run, kind, whole);
      } else {
        chain(run, kind, whole, 1 + random.nextInt(MOST_KILLS_OF_A_CHAIN));
      }
      chains++;
    }
    System.out.printf(
        "%d kills in %d runs: each run ended with the bits of one that was not killed, each epoch"
            + " has one line of metrics, no file is left; %d checkpoints were within an epoch, %d"
            + " temporary files were left and removed, %d replaced runs were kept whole%n",
        kills, chains, killedInEpoch, leftTemporary, oldRunsKept);
    assertTrue(kills >= KILLS);
  }
}
