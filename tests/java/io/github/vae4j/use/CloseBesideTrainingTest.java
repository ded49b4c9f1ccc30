// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.use;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CloseBesideTrainingTest {
  private static final int ROUNDS = Integer.getInteger("vae4j.use.rounds", 20);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"CPU", "REFERENCE"})
  void theJvmLivesTheCloseIsRefusedAndTheTrainingEnds(String backend)
      throws IOException, InterruptedException {
    StringBuilder expected = new StringBuilder();
    for (int round = 0; round < ROUNDS; round++) {
      expected.append("round " + round + ": 3 refused, STOPPED\n");
    }
    ChildJvm.Ended ended =
        ChildJvm.run(folder, CloseBesideTraining.class, backend, Integer.toString(ROUNDS));
    assertEquals(expected + "done\n", ended.out(), ended.err());
    assertEquals(0, ended.code(), ended.err());
  }
}
