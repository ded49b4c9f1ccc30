package io.github.vae4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Cases of the op table are skipped by their whole names, and the others run. */
final class SkippedCasesTest {
  private static final class Fills extends OpSuite {
    Fills() {
      super(
          ReferenceBackend::new,
          Tolerance.FP32,
          opCase -> opCase.name().startsWith("fill FLOAT32 1"));
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
        OpSuite.SKIP_PROPERTY, "FLOAT32|fill FLOAT32 1 .*|\\Qfill FLOAT32 17 0.0\\E");
    assertEquals(List.of("fill FLOAT32 1 -1.5", "fill FLOAT32 17 0.0"), skipped());
  }

  private static List<String> skipped() throws Throwable {
    Fills suite = new Fills();
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
