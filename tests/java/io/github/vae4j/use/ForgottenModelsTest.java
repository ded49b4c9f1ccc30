// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForgottenModelsTest {
  @TempDir Path folder;

  @Test
  void aJvmSaysOnceThatModelsWereNotClosed() throws IOException, InterruptedException {
    ChildJvm.Ended ended = ChildJvm.run(folder, ForgottenModels.class, "3");
    assertEquals("done\n", ended.out());
    List<String> said = ended.err().lines().filter(line -> line.contains("leak: ")).toList();
    assertEquals(1, said.size(), ended.err());
    assertTrue(said.get(0).contains("was never closed, and stays allocated until the JVM ends"));
    assertTrue(said.get(0).contains("-Dvae4j.leaks=stack"));
  }

  @Test
  void eachObjectIsReportedWithItsCreationOnRequest() throws IOException, InterruptedException {
    ChildJvm.Ended ended =
        ChildJvm.run(
            folder,
            List.of(),
            Map.of(),
            List.of("-Dvae4j.leaks=stack"),
            ForgottenModels.class,
            "1");
    assertTrue(
        ended.err().lines().filter(line -> line.contains("leak: ")).count() > 2, ended.err());
    assertTrue(ended.err().contains("ForgottenModels.main"), ended.err());
  }
}
