// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.table.TableModel;
import io.github.vae4j.table.TableTraining;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same natives in two class loaders of one JVM: both train, and nothing is remarked. */
final class TwoLoadersTest {
  @TempDir Path folder;

  @Test
  void bothTrainOnTheCpu() throws Exception {
    train("cpu", List.of());
  }

  /** Each has a scorer of its own, which four threads use at once. */
  @Test
  void bothScoreRowsOfATable() throws Exception {
    StringBuilder text = new StringBuilder("amount,land\n");
    for (int i = 0; i < 60; i++) {
      text.append(20 + i * 7 % 13 / 2.0).append(i % 3 == 0 ? ",FR\n" : ",DE\n");
    }
    Path data = Files.writeString(folder.resolve("table.csv"), text);
    Path run = folder.resolve("run");
    try (Table table = Table.open(data.toString(), TableOptions.defaults())) {
      TableModel.train(table, TableTraining.defaults().epochs(2)).save(run);
    }
    ChildJvm.Ended ended =
        ChildJvm.run(
            folder, List.of(), Map.of(), List.of("-Xmx256m"), TwoScorers.class, run.toString());
    assertEquals(0, ended.code(), ended.err());
    List<String> said = ended.out().lines().toList();
    assertEquals(3, said.size(), ended.out());
    assertTrue(said.get(0).matches("one: -?\\d+\\.\\d+"), ended.out());
    assertEquals(said.get(0).replace("one", "two"), said.get(1));
    assertEquals(said.get(0), said.get(2));
    assertFalse(ended.err().contains("WARN"), ended.err());
  }

  /** Once the second one used the library of the first without a word. */
  @Test
  void anotherVersionIsRefusedAndTheFirstGoesOn() throws Exception {
    String name = "io/github/vae4j/backend/cpu/linux-x86_64/libvae4j.so";
    Path other = folder.resolve("other").resolve(name);
    Files.createDirectories(other.resolveSibling("."));
    try (InputStream in =
        Objects.requireNonNull(TwoLoaders.class.getClassLoader().getResourceAsStream(name))) {
      Files.copy(in, other);
    }
    Files.write(other, new byte[1], StandardOpenOption.APPEND);
    ChildJvm.Ended ended =
        ChildJvm.run(
            folder,
            List.of(),
            Map.of(),
            List.of(),
            TwoLoaders.class,
            "cpu",
            folder.resolve("other").toString());
    assertEquals(0, ended.code(), ended.err());
    List<String> said = ended.out().lines().toList();
    assertEquals(3, said.size(), ended.out());
    assertTrue(said.get(0).startsWith("one: cpu -"), ended.out());
    assertTrue(said.get(1).contains("has loaded libvae4j of another version"), ended.out());
    assertTrue(said.get(1).endsWith("give both applications the same vae4j, or a JVM each"));
    assertEquals(said.get(0), said.get(2));
  }

  @Test
  @Tag("cuda")
  void bothTrainOnTheDevice() throws Exception {
    List<String> options = new ArrayList<>();
    for (String property :
        List.of("vae4j.cuda.emulated", "vae4j.cuda.tune", "org.bytedeco.javacpp.cachedir")) {
      String value = System.getProperty(property);
      if (value != null) {
        options.add("-D" + property + "=" + value);
      }
    }
    train("cuda", options);
  }

  private void train(String backend, List<String> options) throws Exception {
    ChildJvm.Ended ended =
        ChildJvm.run(folder, List.of(), Map.of(), options, TwoLoaders.class, backend);
    assertEquals(0, ended.code(), ended.err());
    List<String> said = ended.out().lines().toList();
    assertEquals(3, said.size(), ended.out());
    assertTrue(said.get(0).startsWith("one: " + backend + " -"), ended.out());
    assertEquals(said.get(0).replace("one", "two"), said.get(1));
    assertEquals(said.get(0), said.get(2));
    assertFalse(ended.err().contains("WARN"), ended.err());
  }
}
