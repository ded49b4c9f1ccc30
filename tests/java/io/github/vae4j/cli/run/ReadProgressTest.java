// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Scaling;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.tensor.Arena;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line with the share of a file that has been read. */
final class ReadProgressTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir Path folder = Path.of("");

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

  @Test
  void theRowsOfATableForTraining() throws IOException {
    String rows = "0.5\n1.5\n".repeat(20_000);
    Path file = Files.writeString(folder.resolve("rows.csv"), "a\n" + rows);
    Kind number = new Kind.Numeric(Scaling.NONE, 0.5, 1.5, 1, 1);
    Schema schema = new Schema(List.of(new Column("a", number, 0, "")), Reading.DEFAULTS);
    TableReading reading =
        new TableReading(
            schema,
            Absent.REFUSE,
            BadRows.fail(),
            false,
            line ->
                new ReadProgress(
                    new PrintWriter(text),
                    new Terminal(true, 80),
                    line,
                    () -> now[0] += 3 * SECOND));
    try (Arena arena = new Arena()) {
      reading.open(file.toString(), arena);
    }
    String shown = text.toString().replace(file.toString(), "FILE");
    assertTrue(shown.matches("(\rvae4j: reading FILE \\d+ %)+\r +\r"), shown);
  }
}
