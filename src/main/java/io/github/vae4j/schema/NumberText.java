// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.Locale;

/** Writes a number with as many decimals as the texts of its column have. */
final class NumberText {
  /** The most digits after a point that texts are written with. */
  static final int MOST_DECIMALS = 30;

  private NumberText() {}

  /**
   * The text of a number; a zero has no sign.
   *
   * @param value finite
   * @param decimals digits after the point; -1 for as many as a float needs
   * @param mark the decimal mark
   * @return the text
   */
  static String of(double value, int decimals, char mark) {
    String text =
        decimals < 0 ? shortest(value) : String.format(Locale.ROOT, "%." + decimals + "f", value);
    String plain = text.matches("-0(\\.0*)?") ? text.substring(1) : text;
    return plain.replace('.', mark);
  }

  /** The digits of a float, unless the number is beyond the range of one. */
  private static String shortest(double value) {
    float near = (float) value;
    boolean within = Float.isFinite(near) && Math.abs(near) >= Float.MIN_NORMAL;
    return value == 0 || within ? Float.toString(near) : Double.toString(value);
  }
}
