// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands given the weights of rows say which of their numbers do not use them. */
class WeightedOutputTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void train() throws IOException {
    StringBuilder weights = new StringBuilder("w\n");
    StringBuilder factors = new StringBuilder("half,third\n");
    for (int i = 0; i < 40; i++) {
      weights.append(1 + i % 4).append('\n');
      factors.append(i % 2).append(',').append(i % 3).append('\n');
    }
    Files.writeString(folder.resolve("w.csv"), weights);
    Files.writeString(folder.resolve("factors.csv"), factors);
    Cli.ok(
        "train",
        "--schema=none",
        Cli.binaryRows(folder),
        "--out=" + folder.resolve("run"),
        "--backend=reference",
        "--latent=2",
        "--hidden=4",
        "--epochs=1");
  }

  private static Cli ok(boolean weighted, String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--model=" + folder.resolve("run")));
    arguments.add("--data=" + folder.resolve("rows.csv"));
    arguments.add("--backend=reference");
    arguments.addAll(List.of(more));
    if (weighted) {
      arguments.add("--weights=" + folder.resolve("w.csv"));
    }
    return Cli.ok(arguments.toArray(String[]::new));
  }

  private static String line(Cli answer, String start) {
    List<String> lines = answer.out().lines().filter(line -> line.startsWith(start)).toList();
    assertEquals(1, lines.size(), answer.out());
    return lines.get(0);
  }

  @Test
  void scoresOfFactorsAreUnweighted() {
    String factors = "--factors=" + folder.resolve("factors.csv");
    Cli weighted = ok(true, "evaluate", factors);
    assertTrue(weighted.out().contains("40 rows, weighted"), weighted.out());
    String scores = line(weighted, "disentanglement  ");
    assertTrue(scores.endsWith(" (2 factors, unweighted)"), scores);
    String plain = line(ok(false, "evaluate", factors), "disentanglement  ");
    assertEquals(scores.replace(", unweighted", ""), plain);
  }

  @Test
  void theBoundOfASecondStageIsUnweighted() {
    String[] options = {"--sampler=two-stage", "--hidden=4", "--epochs=2"};
    Cli weighted = ok(true, "fit-sampler", options);
    String bound = line(weighted, "epoch   2 ELBO ");
    assertTrue(bound.endsWith(" nats a code (unweighted)"), bound);
    String plain = line(ok(false, "fit-sampler", options), "epoch   2 ELBO ");
    assertTrue(plain.endsWith(" nats a code"), plain);
    JsonNode json = json(true, options);
    assertEquals(BooleanNode.FALSE, json.get("elbo_weighted"));
    assertNull(json(false, options).get("elbo_weighted"));
  }

  private static JsonNode json(boolean weighted, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--json");
    return ok(weighted, "fit-sampler", all.toArray(String[]::new)).objects().get(0);
  }

  @Test
  void quantilesOfScoresAreWeighted() {
    String weighted = ok(true, "score").out();
    assertTrue(weighted.contains("40 rows, weighted mean and quantiles\n"), weighted);
    String plain = ok(false, "score").out();
    assertTrue(plain.contains("40 rows\n"), plain);
    assertNotEquals(plain, weighted.replace(", weighted mean and quantiles", ""));
  }
}
