// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.time.Duration;
import java.util.Locale;

/** Formats numbers for users, the same in every locale. */
public final class Numbers {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  private static final long LONGEST_HOURS = 999;

  private Numbers() {}

  /**
   * A whole number in groups of three.
   *
   * @param value the number
   * @return for example {@code 60,000}
   */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /**
   * A count with a noun.
   *
   * @param count the number
   * @param thing the noun, in the singular
   * @return for example {@code 2 rows}
   */
  public static String plural(long count, String thing) {
    return count(count) + " " + thing + (count == 1 ? "" : "s");
  }

  /**
   * A rate, with a decimal if it is small.
   *
   * @param value the rate
   * @return for example {@code 45,200}
   */
  public static String rate(double value) {
    return String.format(Locale.ROOT, value < 9.95 ? "%.1f" : "%,.0f", value);
  }

  /**
   * A number with a number of decimals.
   *
   * @param value the number
   * @param decimals the number of decimals
   * @return for example {@code -105.48}
   */
  public static String fixed(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /**
   * A share in percent.
   *
   * @param share 0 to 1
   * @return for example {@code 12.5 %}
   */
  public static String percent(double share) {
    return fixed(100 * share, 1) + " %";
  }

  /**
   * A standard error.
   *
   * @param error the error; NaN if it is not known, as for a single row
   * @param decimals the number of decimals
   * @return for example {@code +- 0.012}, or {@code +- unknown}
   */
  public static String error(double error, int decimals) {
    return "+- " + (Double.isNaN(error) ? "unknown" : fixed(error, decimals));
  }

  /** A time as m:ss or h:mm:ss. */
  static String time(Duration time) {
    if (time.toHours() > LONGEST_HOURS) {
      return ">" + LONGEST_HOURS + " h";
    }
    return time.toHours() > 0
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
  }

  /**
   * A size in the largest unit that leaves 1 or more.
   *
   * @param bytes the size
   * @return for example {@code 1.5 MiB}
   */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }
}
