// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Op cases are skipped by their full names, and the others run. */
final class SkippedCasesTest {
  private static final class Weights extends OpSuite {
    Weights() {
      super(
          ReferenceBackend::new,
          Tolerance.FP32,
          opCase -> opCase.name().startsWith("sampleWeights 1x1 "));
    }
  }

  @AfterEach
  void none() {
    System.clearProperty(OpSuite.SKIP_PROPERTY);
  }

  @Test
  void withoutThePropertyAllRun() throws Throwable {
    assertEquals(List.of(), skipped());
  }

  @Test
  void whatMatchesWhollyIsSkipped() throws Throwable {
    System.setProperty(
        OpSuite.SKIP_PROPERTY,
        "sampleWeights|sampleWeights .* beta 0.*|\\QsampleWeights 1x1 in 1 alpha 0.5 beta 1.0\\E");
    assertEquals(
        List.of(
            "sampleWeights 1x1 in 1 alpha 0.5 beta 1.0",
            "sampleWeights 1x1 in 1 alpha 0.0 beta 0.3 of weighted rows",
            "sampleWeights 1x1 in 1 alpha 0.0 beta 0.0"),
        skipped());
  }

  private static List<String> skipped() throws Throwable {
    Weights suite = new Weights();
    suite.open();
    List<String> skipped = new ArrayList<>();
    for (DynamicTest test : suite.matchesTheReference().toList()) {
      try {
        test.getExecutable().execute();
      } catch (TestAbortedException e) {
        skipped.add(test.getDisplayName());
      }
    }
    suite.nothingIsLeftOpen();
    return skipped;
  }
}
