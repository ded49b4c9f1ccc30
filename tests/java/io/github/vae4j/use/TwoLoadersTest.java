// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
