// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Estimates log p(x) several times, by many samples: with the same result and the same time each
 * time, and without a leak.
 */
public final class Evaluations {
  private Evaluations() {}

  /**
   * Evaluates.
   *
   * @param arguments RUN TIMES SAMPLES ROWS DATA
   */
  public static void main(String[] arguments) {
    if (!Files.exists(Path.of(arguments[0]))) {
      // Its stage was not asked for.
      Command.ok(
          List.of(
              "train",
              "--data=" + arguments[4],
              "--epochs=1",
              "--out=" + arguments[0],
              "--hidden=8",
              "--backend=cuda"));
    }
    int times = Integer.parseInt(arguments[1]);
    List<ObjectNode> answers = new ArrayList<>();
    double[] seconds = new double[times];
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      Command command =
          Command.ok(
              List.of(
                  "evaluate",
                  "--model=" + arguments[0],
                  "--data=" + arguments[4],
                  "--iw-samples=" + arguments[2],
                  "--limit=" + arguments[3],
                  "--backend=cuda"));
      seconds[i] = (System.nanoTime() - start) / 1e9;
      answers.add(command.last());
    }
    JsonNode speed = answers.get(times - 1).get("row_samples_per_second");
    answers.forEach(answer -> answer.remove("row_samples_per_second"));
    ObjectNode first = answers.get(0);
    ObjectNode found = Json.object().put("evaluations", times);
    found.put("same", answers.stream().allMatch(first::equals));
    found.put("seconds_first", seconds[0]).put("seconds_last", seconds[times - 1]);
    found.set("row_samples_per_second", speed);
    found.set("evaluation", first);
    Json.print(found);
    System.exit(found.get("same").asBoolean() ? 0 : 1);
  }
}
