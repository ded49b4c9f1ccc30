// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/**
 * The difference of the two largest of some non-negative numbers; the number itself if there is
 * only one.
 */
final class TopTwo {
  private double first;
  private double second;

  void add(double value) {
    second = Math.max(second, Math.min(first, value));
    first = Math.max(first, value);
  }

  double gap() {
    return first - second;
  }
}
