// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
