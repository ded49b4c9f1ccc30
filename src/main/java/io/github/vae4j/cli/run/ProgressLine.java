// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.train.TrainListener.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Formats a run's progress as one line: {@code epoch 3/10 234/469 [=====> ] 45,200 images/s ETA
 * 0:12 ELBO -110.2 = -85.1 - 25.1}. On a narrow terminal parts are left out in this order: the bar,
 * the rate, the two terms of the ELBO, the time left.
 */
final class ProgressLine {
  private static final int SHORTEST_BAR = 5;
  private static final int LONGEST_BAR = 30;

  private ProgressLine() {}

  /**
   * The line.
   *
   * @param progress the position of the run
   * @param unit the name of a row, in the plural
   * @param left time to the end of the run; null if it is not known yet
   * @param columns of the terminal; the line is shorter, so that the cursor stays in the line
   * @return the line
   */
  static String of(Progress progress, String unit, @Nullable Duration left, int columns) {
    int room = columns - 1;
    String where =
        String.format(
            Locale.ROOT,
            "epoch %s/%d %s/%d",
            padded(progress.epoch(), progress.epochs()),
            progress.epochs(),
            padded(progress.step(), progress.steps()),
            progress.steps());
    String rate =
        String.format(Locale.ROOT, "%6s %s/s", Numbers.rate(progress.rowsPerSecond()), unit);
    String eta = "ETA " + (left == null ? "-:--" : Numbers.time(left));
    String elbo = "ELBO " + Numbers.fixed(progress.elbo(), 1);
    String terms =
        String.format(
            Locale.ROOT,
            "%s = %s - %s",
            elbo,
            Numbers.fixed(progress.reconstruction(), 1),
            Numbers.fixed(progress.kl(), 1));

    String full = String.join(" ", rate, eta, terms);
    int bar = Math.min(LONGEST_BAR, room - where.length() - full.length() - 4);
    if (bar >= SHORTEST_BAR) {
      return where + " [" + bar(progress.step(), progress.steps(), bar) + "] " + full;
    }
    List<String> shorter = new ArrayList<>();
    shorter.add(String.join(" ", where, full));
    shorter.add(String.join(" ", where, eta, terms));
    shorter.add(String.join(" ", where, eta, elbo));
    shorter.add(String.join(" ", where, elbo));
    for (String line : shorter) {
      if (line.length() <= room) {
        return line;
      }
    }
    return where.substring(0, Math.min(where.length(), room));
  }

  /** Pads a number to the width of the largest, so that the text after it does not move. */
  private static String padded(int value, int largest) {
    return " ".repeat(Integer.toString(largest).length() - Integer.toString(value).length())
        + value;
  }

  private static String bar(int step, int steps, int width) {
    int done = (int) ((long) width * step / steps);
    return done == width
        ? "=".repeat(width)
        : "=".repeat(done) + ">" + " ".repeat(width - done - 1);
  }
}
