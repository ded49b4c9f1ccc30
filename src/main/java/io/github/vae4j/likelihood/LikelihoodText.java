// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.List;

/**
 * The text form of a likelihood: its name, then its settings, {@code name:setting=number,...}.
 * Settings that are not given have their defaults.
 */
final class LikelihoodText {
  private LikelihoodText() {}

  /** The text of a likelihood with one setting; a whole number is written without a fraction. */
  static String of(String name, String setting, double value) {
    return name + ":" + setting + "=" + number(value);
  }

  static String number(double value) {
    String text = Double.toString(value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** The name before the colon. */
  static String name(String text) {
    int colon = text.indexOf(':');
    return (colon < 0 ? text : text.substring(0, colon)).strip();
  }

  /** A setting that is a whole number. */
  static int whole(String name, String setting, double value) {
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          name + ": " + setting + ": expected a whole number, given " + number(value));
    }
    return (int) value;
  }

  /** The values of settings, in the order of the known settings. */
  static double[] settings(String text, List<Likelihoods.Setting> known) {
    double[] values = new double[known.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = known.get(i).standard();
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return values;
    }
    boolean[] given = new boolean[values.length];
    for (String part : text.substring(colon + 1).split(",", -1)) {
      int equals = part.indexOf('=');
      String key = (equals < 0 ? part : part.substring(0, equals)).strip();
      int at = index(known, key);
      if (at < 0) {
        throw wrong(text, "unknown setting \"" + key + "\"; " + expected(known));
      }
      if (equals < 0) {
        throw wrong(text, "setting \"" + key + "\" has no value; write " + key + "=NUMBER");
      }
      if (given[at]) {
        throw wrong(text, "setting \"" + key + "\" is given twice");
      }
      given[at] = true;
      String value = part.substring(equals + 1).strip();
      try {
        values[at] = Double.parseDouble(value);
      } catch (NumberFormatException e) {
        throw wrong(text, "setting \"" + key + "\": expected a number, given \"" + value + "\"");
      }
    }
    return values;
  }

  private static int index(List<Likelihoods.Setting> known, String key) {
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).name().equals(key)) {
        return i;
      }
    }
    return -1;
  }

  private static String expected(List<Likelihoods.Setting> known) {
    return known.isEmpty()
        ? "it has no settings"
        : "one of " + String.join(", ", known.stream().map(Likelihoods.Setting::name).toList());
  }

  private static IllegalArgumentException wrong(String text, String problem) {
    return new IllegalArgumentException("likelihood \"" + text + "\": " + problem);
  }
}
