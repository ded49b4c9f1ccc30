// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Runs of a second, in processes of their own, that are cut off at random moments.
 *
 * @param folder of the data and of the runs
 * @param random chooses the moments
 */
record ShortRuns(Path folder, Random random) {
  static final int EPOCHS = 4;

  /** Options of which each run takes one; the last one of each is for a resumed run, too. */
  static final List<List<String>> KINDS =
      List.of(
          List.of("--checkpoint-every=0.001"),
          List.of("--ema=0.9", "--checkpoint-every=0.05"),
          List.of("--validation=0.2", "--patience=3", "--checkpoint-every=0.02"),
          List.of("--checkpoint-every=0"));

  private static final int ROWS = 2000;
  private static final int LONGEST_MILLIS = 250;

  List<String> train(Path out, List<String> kind) throws IOException {
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
        new ArrayList<>(
            List.of("train", "--schema=none", "--data=" + data, "--out=" + out, "--hidden=40"));
    arguments.addAll(List.of("--latent=2", "--batch=8", "--backend=reference"));
    arguments.add("--epochs=" + EPOCHS);
    arguments.addAll(kind);
    return arguments;
  }

  /** The command that goes on with what there is. */
  List<String> next(Path out, List<String> kind) throws IOException {
    return RunChecks.resumable(out) ? resume(out, kind) : train(out, kind);
  }

  static List<String> resume(Path out, List<String> kind) {
    return List.of(
        "train", "--out=" + out, "--resume", "--backend=reference", kind.get(kind.size() - 1));
  }

  /** A run that nothing cuts off, in this process; the same one for the same name. */
  Path whole(String name, List<String> kind, String... more) throws IOException {
    Path run = folder.resolve(name);
    if (Files.notExists(run)) {
      Cli.ok(Cli.with(train(run, kind), more));
    }
    return run;
  }

  Subprocess start(List<String> arguments) throws IOException {
    return Subprocess.start(folder, Map.of(), Subprocess.SHORT, arguments.toArray(String[]::new));
  }

  Subprocess signallable(List<String> arguments) throws IOException {
    return Subprocess.signallable(
        folder, Map.of(), Subprocess.SHORT, arguments.toArray(String[]::new));
  }

  private static String text(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** Whether a process has begun with its first step. */
  static boolean trains(Subprocess process) throws IOException {
    return text(process.out()).contains("ELBO = ");
  }

  /** Whether a process has come so far: its lock, its first step, or the end of an epoch. */
  private static boolean reached(Subprocess process, Path run, boolean start, int epoch)
      throws IOException {
    if (start) {
      String owner = "process " + process.process().pid() + " ";
      return text(run.resolve(".lock")).startsWith(owner);
    }
    return trains(process) && (epoch == 0 || text(process.out()).contains("epoch " + epoch + "/"));
  }

  /**
   * Waits for a random moment: mostly from a process's first step on, sometimes in its start.
   *
   * @param epochs of which one is chosen
   */
  void await(Subprocess process, Path run, int epochs) throws IOException, InterruptedException {
    boolean start = random.nextInt(4) == 0;
    int epoch = random.nextInt(epochs);
    while (process.process().isAlive() && !reached(process, run, start, epoch)) {
      Thread.sleep(5);
    }
    Thread.sleep(random.nextInt(LONGEST_MILLIS));
  }
}
