// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * docs/hardware.md: the results of runs on GPUs. Each is a {@code NAME.json} in a folder, as
 * written by a run, with a person's remarks in {@code NAME.notes.md} beside it, or the remarks
 * alone.
 */
public final class HardwarePage {
  private static final String RESULTS = ".json";
  private static final String NOTES = ".notes.md";

  private static final String HEAD =
      """
      # On hardware

      Written by `tests/gpu/page.sh` from `tests/gpu/results`: do not edit; a test fails where the page
      is out of date. [CONTRIBUTING.md](../CONTRIBUTING.md) says how a run is made. A ratio is the
      peer's time over vae4j's, on the same card within the same minute: above 1, vae4j is faster.
      cuBLASLt's algorithms are listed for the newest run that timed them; `tests/gpu/results` has all.
      """;

  private HardwarePage() {}

  /**
   * Prints the page.
   *
   * @param arguments the folder of the runs
   * @throws IOException if a run cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    System.out.print(of(Path.of(arguments[0])));
  }

  /** The page of the runs in a folder, the newest first. */
  static String of(Path folder) throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    List<String> names = names(folder);
    if (names.isEmpty()) {
      return page.append("\nNo run yet.\n").toString();
    }
    boolean algorithms = false;
    for (String name : names) {
      page.append("\n## ").append(name).append('\n');
      Path notes = folder.resolve(name + NOTES);
      if (Files.exists(notes)) {
        page.append('\n').append(Files.readString(notes).strip()).append('\n');
      }
      Path results = folder.resolve(name + RESULTS);
      if (Files.exists(results)) {
        algorithms |= add(page, Results.read(results), !algorithms);
      }
    }
    return page.toString();
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(RESULTS) || file.endsWith(NOTES))
          .map(file -> file.replace(NOTES, "").replace(RESULTS, ""))
          .distinct()
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  /** Whether cuBLASLt's algorithms were listed, which is done on request. */
  private static boolean add(StringBuilder page, Results results, boolean algorithms) {
    page.append("\n| | |\n| --- | --- |\n");
    row(page, "date", results.head().path("date").asText());
    row(page, "card", results.first("card").asText());
    row(page, "driver", results.first("driver_version").asText());
    row(page, "memory", results.first("memory_total").asText());
    row(page, "highest clocks", results.first("clocks_max_sm").asText());
    row(page, "processors", results.first("processors").asText());
    row(page, "Python packages", results.first("python_packages").asText());
    for (JsonNode backend : results.first("backends")) {
      row(page, backend.path("name").asText(), backend.path("description").asText());
    }
    row(page, "parts", Summary.counts(results) + "; " + results.head().path("ended").asText());
    if (results.head().path("emulated").asBoolean()) {
      page.append("\n**The emulated device, not hardware: its times mean nothing.**\n");
    }
    page.append(
        "\n### Parts\n\n| stage | part | | seconds | tests |\n| --- | --- | --- | --- | --- |\n");
    results.stages().forEach(stage -> page.append(part(stage)));
    section(page, "Failures", red(results));
    section(page, "MNIST, as the README trains it", Tables.mnist(results));
    section(page, "Training steps beside the peers", Tables.steps(results));
    section(
        page,
        "784-400-20 at batch 128 without timed algorithms, without a branch, with dependent launches",
        Tables.switches(results));
    String products = algorithms ? Tables.lines(results, "products") : "";
    section(page, "cuBLASLt's algorithms", products);
    section(page, "Our kernels, by ncu", Tables.kernels(results));
    section(page, "memcheck", Tables.lines(results, "memcheck"));
    section(page, "racecheck", Tables.lines(results, "racecheck"));
    return !products.isEmpty();
  }

  private static void row(StringBuilder page, String name, String value) {
    if (!value.isEmpty()) {
      page.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }
  }

  private static String part(ObjectNode stage) {
    StringBuilder tests = new StringBuilder();
    for (JsonNode object : stage.path("results")) {
      if (object.has("passed")) {
        tests.append(tests.isEmpty() ? "" : ", then ");
        tests.append(object.path("passed").asInt()).append(" passed, ");
        tests.append(object.path("failed").asInt()).append(" failed");
      }
    }
    return "| %d | %s | %s | %s | %s |\n"
        .formatted(
            stage.path("stage").asInt(),
            stage.path("name").asText(),
            stage.path("status").asText(),
            stage.path("seconds").asText(),
            tests);
  }

  private static String red(Results results) {
    StringBuilder text = new StringBuilder();
    for (ObjectNode stage : results.stages()) {
      boolean green = stage.path("status").asText().equals("green");
      if (!green) {
        text.append("- ").append(stage.path("name").asText()).append(": ");
        text.append(stage.path("status").asText());
        text.append(stage.has("why") ? ": `" + code(stage.path("why").asText()) + "`\n" : "\n");
      }
      for (JsonNode object : stage.path("results")) {
        if (object.has("failed_test")) {
          text.append("  - ").append(object.path("failed_test").asText()).append(": `");
          text.append(code(object.path("message").asText())).append("`\n");
        } else if (object.has("error")) {
          text.append(green ? "- " + stage.path("name").asText() + ": " : "  - ");
          text.append(object.path("engine").asText()).append(' ');
          text.append(object.path("mode").asText("")).append(' ');
          text.append(object.path("workload").asText()).append(' ');
          text.append(object.path("precision").asText()).append(": `");
          text.append(code(object.path("error").asText())).append("`\n");
        }
      }
    }
    return text.toString();
  }

  private static String code(String text) {
    return StageProcess.cut(text).replace('`', '\'').replace('\n', ' ');
  }

  private static void section(StringBuilder page, String title, String body) {
    if (!body.isEmpty()) {
      page.append("\n### ").append(title).append("\n\n").append(body);
    }
  }
}
