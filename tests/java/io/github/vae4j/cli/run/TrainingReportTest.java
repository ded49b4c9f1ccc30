// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainListener.Progress;
import io.github.vae4j.train.TrainState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainingReportTest {
  private static final String NEW_LINE = System.lineSeparator();
  private static final VaeSpec MODEL = VaeSpec.builder(3).hidden(4).latent(2).build();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private long now;

  @BeforeEach
  void startTheClock() {
    now = 1_000_000_000_000L;
  }

  private TrainingReport report(boolean json, Terminal terminal) {
    Report report = new Report(new PrintWriter(out), new PrintWriter(err), json);
    return new TrainingReport(report, terminal, "rows", 4, () -> now, () -> "; a cause", MODEL);
  }

  private static EpochMetrics epoch(int epoch, double test, long skipped) {
    return epoch(epoch, test, skipped, 0);
  }

  private static EpochMetrics epoch(int epoch, double test, long skipped, double penalty) {
    return new EpochMetrics(
        epoch,
        10L * epoch,
        -3.5,
        -2.5,
        1,
        -3.5,
        penalty,
        test,
        test + 1,
        1,
        1234,
        0.25,
        1e-3,
        1,
        2,
        skipped);
  }

  /** Turns the wrapping of long lines off and on. */
  private static final String CUT = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  /** The lines of the terminal after carriage returns, without trailing spaces. */
  private List<String> screen() {
    return Stream.of(out.toString().split("\n", -1)).map(TrainingReportTest::drawn).toList();
  }

  private static String drawn(String line) {
    StringBuilder cells = new StringBuilder();
    int cursor = 0;
    line = line.replace(CUT, "").replace(WRAP, "");
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\r') {
        cursor = 0;
      } else {
        cells.setLength(Math.max(cells.length(), cursor + 1));
        cells.setCharAt(cursor++, c);
      }
    }
    return cells.toString().stripTrailing();
  }

  @Test
  void aTerminalShowsOneLineThatTheEpochReplaces() {
    TrainingReport report = report(false, new Terminal(true, 70));
    report.onProgress(new Progress(1, 4, 5, 10, 100_000, -2, 1));
    assertTrue(out.toString().startsWith("\r" + CUT + "epoch 1/4  5/10 "), out.toString());
    assertTrue(out.toString().endsWith(WRAP), out.toString());
    assertTrue(out.toString().contains("ETA -:--"), out.toString());
    now += 5_000_000_000L;
    report.onProgress(new Progress(1, 4, 10, 10, 9, -2, 1));
    assertTrue(out.toString().contains("ETA 0:30"), out.toString());
    report.onEpoch(epoch(1, -4, 0), TrainingReportTest::none);
    String line = "epoch 1/4: train -3.50, test -4.00 = -3.00 - 1.00, 1,234 rows/s, 0.3 s";
    assertEquals(List.of(line, ""), screen());
    report.onProgress(new Progress(2, 4, 1, 10, 9, -2, 1));
    report.clear();
    report.clear();
    assertEquals(List.of(line, ""), screen());
    assertEquals("", err.toString());
  }

  @Test
  void elsewhereALineAnEpochOnly() {
    TrainingReport report = report(false, new Terminal(false, 80));
    report.onProgress(new Progress(1, 4, 5, 10, 100, -2, 1));
    report.onEpoch(epoch(2, Double.NaN, 3), TrainingReportTest::none);
    assertEquals(
        "epoch 2/4: train -3.50 = -2.50 - 1.00, 1,234 rows/s, 0.3 s" + NEW_LINE, out.toString());
    String remark =
        "3 steps skipped in this epoch, as the loss, the gradient or its square was not";
    assertTrue(err.toString().contains(remark + " finite; a cause"), err.toString());
    report.onEpoch(epoch(3, Double.NaN, 3), TrainingReportTest::none);
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void aPenaltyIsShownWhereThereIsOne() {
    TrainingReport report = report(false, new Terminal(false, 80));
    report.onEpoch(epoch(2, Double.NaN, 0, 0.0625), TrainingReportTest::none);
    assertEquals(
        "epoch 2/4: train -3.50 (penalty 0.063) = -2.50 - 1.00, 1,234 rows/s, 0.3 s" + NEW_LINE,
        out.toString());
  }

  @Test
  void jsonHasTheNamesOfTheMetricsFileAndNullForNaN() {
    TrainingReport report = report(true, new Terminal(true, 80));
    report.onProgress(new Progress(1, 4, 5, 10, 100, -2, 1));
    report.onEpoch(epoch(2, Double.NaN, 0), TrainingReportTest::none);
    assertEquals(
        "{\"event\":\"epoch\",\"epoch\":2,\"step\":20,\"train_elbo\":-3.5,"
            + "\"train_reconstruction\":-2.5,\"train_kl\":1.0,\"train_bound\":-3.5,"
            + "\"train_penalty\":0.0,\"test_elbo\":null,"
            + "\"test_reconstruction\":null,\"test_kl\":1.0,\"rows_per_second\":1234.0,"
            + "\"seconds\":0.25,\"learning_rate\":0.001,\"beta\":1.0,\"gradient_norm\":2.0,"
            + "\"skipped_steps\":0}"
            + NEW_LINE,
        out.toString());
  }

  @Test
  void terminals() {
    assertEquals(new Terminal(true, 132), Terminal.of("132", "xterm"));
    assertEquals(new Terminal(true, 80), Terminal.of("", "xterm"));
    assertEquals(new Terminal(true, 80), Terminal.of("0", "xterm"));
    assertEquals(new Terminal(true, 80), Terminal.of("wide", "xterm"));
    assertEquals(new Terminal(false, 80), Terminal.of(null, "xterm"));
    assertEquals(new Terminal(false, 80), Terminal.of("132", "dumb"));
    assertEquals(new Terminal(false, 80), Terminal.of("132", null));
    assertEquals(new Terminal(false, 80), Terminal.of("132", ""));
  }

  private static TrainState none() {
    throw new AssertionError("a report needs no state");
  }
}
