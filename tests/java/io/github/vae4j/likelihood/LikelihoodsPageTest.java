// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table in docs/likelihoods.md is the registry's. */
final class LikelihoodsPageTest {
  private static final Path PAGE = Path.of("docs", "likelihoods.md");

  @Test
  void tableIsTheRegistry() throws IOException {
    List<String> table =
        Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| ")).toList();
    assertEquals(
        String.join("\n", expected()),
        String.join("\n", table),
        "the table of " + PAGE + " should be the expected text");
  }

  private static List<String> expected() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| name | x | settings | decoder outputs per feature | p(x\\|z) | x may be | source |");
    lines.add("| --- | --- | --- | --- | --- | --- | --- |");
    for (Likelihoods.Entry entry : Likelihoods.entries()) {
      Likelihood model = entry.standard();
      lines.add(
          List.of(
                  "`" + entry.name() + "`",
                  entry.description(),
                  settings(entry),
                  outputs(entry),
                  model instanceof Composite ? "both" : model.isDensity() ? "density" : "mass",
                  model.support(),
                  entry.source())
              .stream()
              .collect(Collectors.joining(" | ", "| ", " |")));
    }
    return lines;
  }

  private static String outputs(Likelihoods.Entry entry) {
    boolean parts = entry.standard() instanceof Composite;
    return parts ? entry.outputs() : entry.standard().parameters(1) + ": " + entry.outputs();
  }

  private static String settings(Likelihoods.Entry entry) {
    return entry.settings().stream()
        .map(
            setting ->
                setting.description()
                    + ": `"
                    + LikelihoodText.of("", setting.name(), setting.standard()).substring(1)
                    + "`")
        .collect(Collectors.joining("; "));
  }
}
