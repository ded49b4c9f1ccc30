// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/**
 * A line on a terminal with the share of a file that has been read, if that takes longer than two
 * seconds. It is taken away when it is closed.
 */
public final class ReadProgress implements DoubleConsumer, AutoCloseable {
  private static final long FIRST_NANOS = 2_000_000_000L;
  private static final long NEXT_NANOS = 500_000_000L;

  private final PrintWriter out;
  private final boolean shown;
  private final String text;
  private final LongSupplier nanos;
  private long next;
  private int width;

  /**
   * A line that is not there yet.
   *
   * @param out receives the line
   * @param terminal whether a line can be redrawn
   * @param text before the share
   * @param nanos the clock
   */
  public ReadProgress(PrintWriter out, Terminal terminal, String text, LongSupplier nanos) {
    this.out = out;
    this.shown = terminal.interactive();
    this.text = text;
    this.nanos = nanos;
    this.next = nanos.getAsLong() + FIRST_NANOS;
  }

  /**
   * The progress of a command: on standard error, so that the result can go to a file.
   *
   * @param report of the command
   * @param text before the share
   * @return the line
   */
  public static ReadProgress of(Report report, String text) {
    return new ReadProgress(report.err(), Terminal.detect(), text, System::nanoTime);
  }

  @Override
  public void accept(double share) {
    long now = nanos.getAsLong();
    if (!shown || now < next || Double.isNaN(share)) {
      return;
    }
    next = now + NEXT_NANOS;
    String line = String.format(Locale.ROOT, "%s %.0f %%", text, 100 * share);
    width = Math.max(width, line.length());
    out.print("\r" + line);
    out.flush();
  }

  @Override
  public void close() {
    if (width > 0) {
      out.print("\r" + " ".repeat(width) + "\r");
      out.flush();
      width = 0;
    }
  }
}
