// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs the stages one after the other within a time and stores their results: {@code results.json},
 * {@code summary.md} and {@code logs.tgz} are complete after every stage. A stage that fails, hangs
 * or cannot start is reported and does not end the run. Started by {@code tests/gpu/run.sh}.
 */
public final class GpuRun {
  /** Below this a stage is not worth its start. */
  private static final int LEAST_SECONDS = 5;

  private static final int FATAL_RUNS = 2;

  private final Path out;
  private final Path logs;
  private final long end;
  private final Results results;
  private final StageProcess process;

  GpuRun(Path out, Path logs, long seconds, Results results) {
    this.out = out;
    this.logs = logs;
    this.end = System.nanoTime() + seconds * 1_000_000_000L;
    this.results = results;
    this.process = new StageProcess(logs);
  }

  /**
   * Runs the stages.
   *
   * @param arguments OUT SECONDS WORK MNIST PEERS STAGES emulated|device; PEERS may be empty,
   *     STAGES is all, or numbers and names with commas between
   * @throws IOException if the results cannot be written
   * @throws InterruptedException never
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path out = Files.createDirectories(Path.of(arguments[0]));
    long seconds = Long.parseLong(arguments[1]);
    boolean emulated = arguments[6].equals("emulated");
    Place place =
        new Place(
            Path.of(arguments[2]).toAbsolutePath(),
            emulated,
            Path.of(arguments[3]).toAbsolutePath(),
            arguments[4].isEmpty() ? null : Path.of(arguments[4]).toAbsolutePath());
    List<Stage> stages = chosen(StageList.of(place), arguments[5]);
    String date = LocalDate.now(ZoneOffset.UTC).toString();
    Results results = Results.start(date, emulated, seconds);
    GpuRun run = new GpuRun(out, place.folder("logs"), seconds, results);
    Runtime.getRuntime().addShutdownHook(new Thread(run.process::stop));
    run.take(stages);
    System.out.println(Summary.counts(results));
  }

  /** Runs stages to the last one, whatever becomes of each. */
  void take(List<Stage> stages) throws IOException, InterruptedException {
    for (Stage stage : stages) {
      take(stage);
    }
    results.head().put("ended", "complete");
    write();
  }

  /** Those whose number or name was given. */
  static List<Stage> chosen(List<Stage> all, String given) {
    if (given.equals("all")) {
      return all;
    }
    Set<String> wanted = new TreeSet<>(List.of(given.split(",", -1)));
    List<Stage> chosen =
        all.stream()
            .filter(
                stage ->
                    wanted.contains(stage.name())
                        || wanted.contains(Integer.toString(stage.number())))
            .toList();
    chosen.forEach(
        stage -> {
          wanted.remove(stage.name());
          wanted.remove(Integer.toString(stage.number()));
        });
    if (!wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "--stages: no stage is called "
              + String.join(", ", wanted)
              + "; there are 1 to 8 and "
              + String.join(", ", all.stream().map(Stage::name).toList()));
    }
    return chosen;
  }

  private void take(Stage stage) throws IOException, InterruptedException {
    ObjectNode node = results.begin(stage);
    write();
    long start = System.nanoTime();
    String skip = reasonToSkip(stage);
    if (skip == null) {
      try {
        execute(stage, node);
      } catch (IOException e) {
        node.put("status", "red").put("why", StageProcess.cut(String.valueOf(e.getMessage())));
      }
      node.put("seconds", Math.round((System.nanoTime() - start) / 1e8) / 10.0);
    } else {
      node.put("status", "skipped").put("why", skip);
    }
    System.out.println(Summary.line(node));
    System.out.flush();
    write();
    archive();
  }

  private @Nullable String reasonToSkip(Stage stage) {
    String program = stage.needs();
    if (program != null && Place.find(program) == null) {
      return "there is no " + program + " on this machine";
    }
    return left() < LEAST_SECONDS ? "no time was left" : null;
  }

  private long left() {
    return (end - System.nanoTime()) / 1_000_000_000L;
  }

  private void execute(Stage stage, ObjectNode node) throws IOException, InterruptedException {
    List<ObjectNode> objects = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    List<String> without = new ArrayList<>();
    StageProcess.Answer answer;
    long most = Math.min(stage.seconds(), left());
    long last = System.nanoTime() + most * 1_000_000_000L;
    while (true) {
      String log = without.isEmpty() ? stage.name() : stage.name() + "." + (without.size() / 2 + 1);
      long seconds = (last - System.nanoTime()) / 1_000_000_000L;
      answer = process.run(stage, log, without, seconds);
      objects.addAll(answer.objects());
      lines.addAll(answer.lines());
      String fatal = answer.fatal();
      boolean again = stage.resumes() && without.size() / 2 < FATAL_RUNS;
      if (fatal == null || !again || (last - System.nanoTime()) / 1_000_000_000L < LEAST_SECONDS) {
        break;
      }
      without.add("--without");
      without.add(fatal);
    }
    boolean green = answer.code() == 0 && without.isEmpty();
    node.put("status", green ? "green" : answer.stopped() ? "stopped" : "red");
    node.put("code", answer.code());
    Results.fill(node, objects, lines);
    if (!green) {
      List<String> why =
          new ArrayList<>(answer.stopped() ? List.of("after " + most + " s") : List.of());
      if (!without.isEmpty()) {
        why.add("run again " + String.join(" ", without));
      }
      why.addAll(answer.last());
      node.put("why", StageProcess.cut(String.join(" | ", why)));
    }
  }

  private void write() throws IOException {
    results.write(out.resolve("results.json"));
    Results.replace(out.resolve("summary.md"), Summary.of(results));
  }

  private void archive() throws IOException, InterruptedException {
    Path fresh = out.resolve("logs.tgz.new");
    Process tar =
        new ProcessBuilder(
                "tar", "-czf", fresh.toString(), "-C", logs.resolveSibling(".").toString(), "logs")
            .inheritIO()
            .start();
    if (tar.waitFor() == 0) {
      Files.move(
          fresh,
          out.resolve("logs.tgz"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
