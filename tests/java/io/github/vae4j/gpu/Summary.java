// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;

/** {@code summary.md}: a summary of a run's results. */
final class Summary {
  private Summary() {}

  static String of(Results results) {
    StringBuilder text = new StringBuilder("# GPU run of ");
    text.append(results.head().path("date").asText());
    text.append(
        results.head().path("emulated").asBoolean() ? ", on the emulated device\n\n" : "\n\n");
    text.append(results.first("card").asText()).append("; ").append(counts(results));
    text.append("; ").append(results.head().path("ended").asText()).append("\n\n");
    for (ObjectNode stage : results.stages()) {
      text.append("- ").append(line(stage)).append('\n');
      for (JsonNode object : stage.path("results")) {
        if (object.has("failed_test") || object.has("fatal") || object.has("error")) {
          text.append("  - ").append(StageProcess.cut(Json.text(object))).append('\n');
        }
      }
    }
    section(text, "MNIST", Tables.mnist(results));
    section(text, "Steps", Tables.steps(results));
    section(text, "Steps with a switch thrown", Tables.switches(results));
    section(text, "Products", Tables.lines(results, "products"));
    section(text, "Kernels", Tables.kernels(results));
    section(text, "memcheck", Tables.lines(results, "memcheck"));
    section(text, "racecheck", Tables.lines(results, "racecheck"));
    return text.toString();
  }

  private static void section(StringBuilder text, String title, String body) {
    if (!body.isEmpty()) {
      text.append("\n## ").append(title).append("\n\n").append(body);
    }
  }

  /** A part in one line. */
  static String line(JsonNode stage) {
    StringBuilder text = new StringBuilder();
    text.append(stage.path("stage").asInt()).append(' ').append(stage.path("name").asText());
    text.append(": ").append(stage.path("status").asText());
    if (stage.has("seconds")) {
      text.append(", ").append(stage.path("seconds").asText()).append(" s");
    }
    for (JsonNode object : stage.path("results")) {
      if (object.has("passed") && !object.has("fatal")) {
        text.append(
            ", %d passed, %d failed"
                .formatted(object.path("passed").asInt(), object.path("failed").asInt()));
      }
    }
    if (stage.has("why")) {
      text.append(": ").append(stage.path("why").asText());
    }
    return text.toString();
  }

  /** How many parts are green, red and so on. */
  static String counts(Results results) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    results.stages().forEach(stage -> counts.merge(stage.path("status").asText(), 1, Integer::sum));
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (status, count) ->
            text.append(text.isEmpty() ? "" : ", ").append(count).append(' ').append(status));
    return text.toString();
  }
}
