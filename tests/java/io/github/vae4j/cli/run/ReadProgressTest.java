// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The line with the share of a file that has been read. */
final class ReadProgressTest {
  private static final long SECOND = 1_000_000_000L;

  private final StringWriter text = new StringWriter();
  private final long[] now = {0};

  private ReadProgress progress(boolean interactive) {
    Terminal terminal = new Terminal(interactive, 80);
    return new ReadProgress(new PrintWriter(text), terminal, "reading", () -> now[0]);
  }

  @Test
  void aLineIsRedrawnAndTakenAway() {
    try (ReadProgress progress = progress(true)) {
      progress.accept(0.1);
      assertEquals("", text.toString());
      now[0] = 3 * SECOND;
      progress.accept(0.25);
      progress.accept(0.26);
      now[0] = 4 * SECOND;
      progress.accept(Double.NaN);
      progress.accept(0.5);
    }
    assertEquals("\rreading 25 %\rreading 50 %\r            \r", text.toString());
  }

  @Test
  void aFileThatIsReadSoonOrNoTerminalHasNoLine() {
    try (ReadProgress progress = progress(true)) {
      progress.accept(0.9);
    }
    try (ReadProgress progress = progress(false)) {
      now[0] = 9 * SECOND;
      progress.accept(0.9);
    }
    assertEquals("", text.toString());
  }
}
