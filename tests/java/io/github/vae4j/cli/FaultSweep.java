// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.JavaCommand;
import io.github.vae4j.cli.FileFaults.Action;
import io.github.vae4j.cli.FileFaults.Outcome;
import io.github.vae4j.cli.FileFaults.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs of one command, each with a fault at another call, all in one process: a process takes a
 * second to start, and a run some hundredths of one.
 *
 * @param name of the sweep
 * @param plan of the first run
 * @param stride between the calls of two runs
 * @param prepared the folder that is there before; empty for none
 * @param command the arguments; the run is in "run" in the root of the faults
 */
record FaultSweep(String name, Plan plan, int stride, String prepared, List<String> command) {
  private static final String FIELD = "\t";
  private static final String OUTCOME = ".txt";

  /** The epochs of {@link #train}. */
  static final int EPOCHS = 2;

  /**
   * A run with a fault.
   *
   * @param folder what it left; need not exist
   * @param code the exit code
   * @param call at which the fault was
   * @param out standard output
   * @param err standard error
   */
  record Faulty(Path folder, int code, String call, String out, String err) {
    String about() {
      return folder.getFileName() + ", at " + call + ": " + code + "\n" + err;
    }
  }

  /** The arguments of a short run on images that are written first, and more. */
  static List<String> train(Path folder, Path out, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("train", Cli.imageRows(folder), "--out=" + out, "--hidden=4"));
    arguments.addAll(List.of("--latent=2", "--batch=8", "--backend=reference"));
    arguments.add("--epochs=" + EPOCHS);
    arguments.addAll(List.of(more));
    return arguments;
  }

  private String line() {
    List<Object> fields =
        new ArrayList<>(List.of(name, plan.kinds(), plan.action(), plan.at(), plan.repeat()));
    fields.addAll(List.of(plan.error(), plan.copies(), stride, prepared, plan.part()));
    fields.addAll(command);
    return String.join(FIELD, fields.stream().map(Object::toString).toList());
  }

  private static FaultSweep of(String line) {
    String[] f = line.split(FIELD, -1);
    Plan plan =
        new Plan(
            Integer.parseInt(f[1]),
            Action.valueOf(f[2]),
            Long.parseLong(f[3]),
            Long.parseLong(f[4]),
            Integer.parseInt(f[5]),
            f[6],
            f[9]);
    return new FaultSweep(
        f[0], plan, Integer.parseInt(f[7]), f[8], Arrays.asList(f).subList(10, f.length));
  }

  /** Runs sweeps in a process of its own and returns their runs, in the order of the calls. */
  static List<Faulty> all(Path folder, FileFaults faults, List<FaultSweep> sweeps)
      throws IOException, InterruptedException {
    Path plans = folder.resolve("plans.txt");
    Path done = Files.createDirectories(folder.resolve("done"));
    Files.write(plans, sweeps.stream().map(FaultSweep::line).toList());
    List<String> options =
        List.of(
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Djava.awt.headless=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    List<String> arguments =
        Stream.of(faults.library(), faults.root(), faults.control(), plans, done)
            .map(Path::toString)
            .toList();
    Path said = folder.resolve("said.txt");
    ProcessBuilder builder =
        new ProcessBuilder(JavaCommand.of(options, FaultSweep.class, arguments))
            .redirectErrorStream(true);
    builder.environment().putAll(faults.environment());
    int code = builder.redirectOutput(said.toFile()).start().waitFor();
    assertEquals(0, code, () -> text(said));
    List<Faulty> runs = new ArrayList<>();
    try (Stream<Path> files = Files.list(done)) {
      for (Path file : files.filter(f -> f.toString().endsWith(OUTCOME)).sorted().toList()) {
        String[] parts = Files.readString(file).split("\0", -1);
        String name = file.getFileName().toString().replace(OUTCOME, "");
        runs.add(
            new Faulty(
                done.resolve(name), Integer.parseInt(parts[0]), parts[1], parts[2], parts[3]));
      }
    }
    return runs;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The process with the faults. */
  public static void main(String[] arguments) throws IOException {
    List<Path> paths = Arrays.stream(arguments).map(Path::of).toList();
    FileFaults faults = new FileFaults(paths.get(0), paths.get(1), paths.get(2));
    Main.configure();
    for (String line : Files.readAllLines(paths.get(3))) {
      of(line).run(faults, paths.get(4));
    }
  }

  private void run(FileFaults faults, Path done) throws IOException {
    for (long at = plan.at(); once(faults, done, at); at += stride) {
      if (plan.action() == Action.COPY) {
        return;
      }
    }
  }

  private boolean once(FileFaults faults, Path done, long at) throws IOException {
    Path run = faults.root().resolve("run");
    if (!prepared.isEmpty()) {
      copy(Path.of(prepared), run);
    }
    faults.plan(plan.from(at));
    Cli answer = Cli.run(command.toArray(String[]::new));
    Outcome outcome = faults.outcome();
    faults.plan(Plan.NOTHING);
    boolean fired = outcome.fired() > 0 || plan.action() == Action.COPY;
    Path result = done.resolve("%s-%05d".formatted(name, at));
    if (Files.exists(run)) {
      Files.move(run, fired ? result : done.resolve(name + "-whole"));
    }
    if (fired) {
      Files.writeString(
          Path.of(result + OUTCOME),
          String.join("\0", "" + answer.code(), outcome.call(), answer.out(), answer.err()));
    }
    return fired;
  }

  /** Copies a folder with its folders, empty ones too: one may say that a run counts. */
  static void copy(Path from, Path to) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(from)) {
      all = files.toList();
    }
    for (Path file : all) {
      Files.copy(file, to.resolve(from.relativize(file).toString()));
    }
  }
}
