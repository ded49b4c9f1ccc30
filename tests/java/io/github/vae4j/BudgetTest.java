// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.op.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The part of CONTRIBUTING.md's budget that can be counted. */
final class BudgetTest {
  private static final int LINES = 400;
  private static final int TEST_LINES = 450;

  /** The tables of the reference and the cuda backend. */
  private static final int TABLES = 2;

  /**
   * Ops that the cuda backend fuses with their neighbours, and so knows by name; and the loss,
   * whose likelihood the cpu backend writes as text.
   */
  private static final Map<String, Integer> FUSED =
      Map.of(
          "Dense",
          1,
          "DenseBackward",
          1,
          "GlobalNorm",
          1,
          "RecordMetrics",
          1,
          "AdamUpdate",
          1,
          "LikelihoodLoss",
          1);

  private static final Pattern SOURCE = Pattern.compile(".*\\.(java|c|cpp|h|hpp|cu|cuh)");

  private static List<Path> sources(String... folders) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.filter(file -> SOURCE.matcher(file.toString()).matches()).forEach(sources::add);
      }
    }
    return sources;
  }

  @Test
  void noSourceIsTooLong() throws IOException {
    Map<Path, Integer> tooLong = new TreeMap<>();
    for (Path file : sources("src/main/java", "native", "kernels", "tests")) {
      int lines = Files.readAllLines(file).size();
      if (lines > (file.startsWith("tests") ? TEST_LINES : LINES)) {
        tooLong.put(file, lines);
      }
    }
    assertEquals(Map.of(), tooLong);
  }

  @Test
  void anOpIsNamedInItsTablesAlone() throws IOException {
    Path backend = Path.of("src/main/java/io/github/vae4j/backend");
    List<Path> plumbing =
        sources(backend.toString()).stream()
            .filter(file -> !file.startsWith(backend.resolve("op")))
            .filter(file -> !file.toString().matches(".*(Loops|Plans|Parts)\\.java"))
            .toList();
    Map<String, List<Path>> over = new TreeMap<>();
    for (Class<?> op : Op.class.getPermittedSubclasses()) {
      String name = op.getSimpleName();
      Pattern word = Pattern.compile("\\b" + name + "\\b");
      List<Path> naming = new ArrayList<>();
      for (Path file : plumbing) {
        if (word.matcher(Files.readString(file)).find()) {
          naming.add(file);
        }
      }
      if (naming.size() > TABLES + FUSED.getOrDefault(name, 0)) {
        over.put(name, naming);
      }
    }
    assertEquals(Map.of(), over);
  }
}
