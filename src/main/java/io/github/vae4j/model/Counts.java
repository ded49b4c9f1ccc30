// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

/** The number in a name such as {@code planar:8}. */
final class Counts {
  private Counts() {}

  static int parse(String family, String name, String text) {
    String number = text.substring(name.length() + 1);
    try {
      return Integer.parseInt(number);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          family + ": expected a whole number after " + name + ":, given " + text, e);
    }
  }

  static void check(String family, String name, String unit, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          family + ": " + name + ": expected 1 " + unit + " or more, given " + count);
    }
  }
}
