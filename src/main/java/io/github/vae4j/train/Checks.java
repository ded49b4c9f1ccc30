// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

/** Range checks of configuration values, with one wording. */
final class Checks {
  private Checks() {}

  static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": expected " + least + " or more, given " + value);
    }
  }

  static void finiteAtLeast(String name, double value, double least) {
    if (!(value >= least) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          name + ": expected a number of " + least + " or more, given " + value);
    }
  }

  static void inRange(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + ": expected " + least + " to " + most + ", given " + value);
    }
  }
}
