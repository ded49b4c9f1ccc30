// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Prints the progress of a run: one line per epoch, and on a terminal a line that is redrawn a few
 * times per second.
 */
final class TrainingReport implements TrainListener {
  private static final String CUT_LINES = "\u001b[?7l";
  private static final String WRAP_LINES = "\u001b[?7h";

  private final Report report;
  private final Terminal terminal;
  private final String unit;
  private final int epochs;
  private final LongSupplier nanos;
  private final Supplier<String> outlier;
  private final VaeSpec model;
  private boolean collapsed;
  private long start;
  private double startDone = -1;
  private int drawn;
  private long skipped;

  /**
   * A report.
   *
   * @param report receives the lines
   * @param terminal whether a line can be redrawn, and its width
   * @param unit the name of a row, in the plural
   * @param epochs the total number
   * @param nanos the clock
   * @param outlier the value of the training data that is the farthest from the others, for the
   *     remark on the first skipped step
   * @param model that is trained, for the remark on posterior collapse
   */
  TrainingReport(
      Report report,
      Terminal terminal,
      String unit,
      int epochs,
      LongSupplier nanos,
      Supplier<String> outlier,
      VaeSpec model) {
    this.report = report;
    this.terminal = terminal;
    this.unit = unit;
    this.epochs = epochs;
    this.nanos = nanos;
    this.outlier = outlier;
    this.model = model;
  }

  @Override
  public void onProgress(Progress progress) {
    if (report.json() || !terminal.interactive()) {
      return;
    }
    double done = progress.epoch() - 1 + progress.step() / (double) progress.steps();
    long now = nanos.getAsLong();
    if (startDone < 0) {
      start = now;
      startDone = done;
    }
    draw(ProgressLine.of(progress, unit, left(progress, done, now), terminal.columns()));
  }

  /** An estimate from the time so far, with evaluation and saving; unknown at first. */
  private @Nullable Duration left(Progress progress, double done, long now) {
    if (done <= startDone) {
      return null;
    }
    double perEpoch = (now - start) / (done - startDone);
    return Duration.ofNanos((long) (perEpoch * (progress.epochs() - done)));
  }

  /** A terminal that became narrower since the start cuts the line, so that it stays one. */
  private void draw(String line) {
    report
        .out()
        .print(
            "\r" + CUT_LINES + line + " ".repeat(Math.max(0, drawn - line.length())) + WRAP_LINES);
    report.out().flush();
    drawn = line.length();
  }

  /** Clears the line, so that another can be printed in its place. */
  void clear() {
    if (drawn > 0) {
      draw("");
      report.out().print("\r");
      report.out().flush();
      drawn = 0;
    }
  }

  @Override
  public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
    clear();
    report.line(line(metrics));
    report.object(new JsonLine().put("event", "epoch").putAll(metrics));
    if (metrics.skippedSteps() > skipped) {
      report.remark(
          String.format(
              Locale.ROOT,
              "%s skipped in this epoch, as the loss, the gradient or its square was not finite%s",
              Numbers.plural(metrics.skippedSteps() - skipped, "step"),
              skipped == 0 ? outlier.get() : ""));
      skipped = metrics.skippedSteps();
    }
    if (!collapsed && Collapse.shows(metrics.testKl())) {
      collapsed = true;
      report.remark(Collapse.remark(model));
    }
  }

  /** Whether the remark on posterior collapse was printed. */
  boolean collapsed() {
    return collapsed;
  }

  private String line(EpochMetrics metrics) {
    String text = String.format(Locale.ROOT, "epoch %d/%d: train ", metrics.epoch(), epochs);
    text += Numbers.fixed(metrics.trainElbo(), 2);
    if (Math.abs(metrics.trainBound() - metrics.trainElbo()) > 0.005) {
      text += " (bound " + Numbers.fixed(metrics.trainBound(), 2) + ")";
    }
    if (metrics.trainPenalty() != 0) {
      text += " (penalty " + Numbers.fixed(metrics.trainPenalty(), 3) + ")";
    }
    text +=
        Double.isNaN(metrics.testElbo())
            ? terms(metrics.trainReconstruction(), metrics.trainKl())
            : ", test "
                + Numbers.fixed(metrics.testElbo(), 2)
                + terms(metrics.testReconstruction(), metrics.testKl());
    return text
        + String.format(
            Locale.ROOT,
            ", %s %s/s, %s s",
            Numbers.rate(metrics.rowsPerSecond()),
            unit,
            Numbers.fixed(metrics.seconds(), 1));
  }

  private static String terms(double reconstruction, double kl) {
    return " = " + Numbers.fixed(reconstruction, 2) + " - " + Numbers.fixed(kl, 2);
  }
}
