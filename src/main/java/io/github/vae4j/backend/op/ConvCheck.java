// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Window;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The checks that convolutions, transposed ones and pooling share. */
final class ConvCheck {
  private ConvCheck() {}

  static void settings(
      Check check,
      @Nullable Window window,
      int groups,
      Activation activation,
      @Nullable Tensor preactivation) {
    check
        .given("window", window, "a window")
        .atLeast("groups", groups, 1)
        .activation(activation, preactivation);
  }

  /** Checks that the groups divide a number of channels, and returns the channels of a group. */
  static int divided(Check check, String size, int groups) {
    if (check.size(size) % groups != 0) {
      throw check.wrong("groups", "a divisor of the " + check.size(size) + " channels", groups);
    }
    return check.size(size) / groups;
  }

  /**
   * Checks the weight of a convolution from {@code many} channels to {@code others}, transposed or
   * not: its last size is that of a group of {@code many}.
   */
  static void weight(
      Check check, Tensor weight, String many, String others, Window window, int groups) {
    check
        .size("J", divided(check, many, groups))
        .size("K", window.kernelHeight())
        .size("L", window.kernelWidth())
        .in("weight", weight, others + " K L J");
    divided(check, others, groups);
  }

  /** Sets the sizes of the window's output for those of its input. */
  static void sizes(
      Check check,
      String argument,
      String height,
      String width,
      String outputHeight,
      String outputWidth,
      Window window) {
    try {
      check
          .size(outputHeight, window.outputHeight(check.size(height)))
          .size(outputWidth, window.outputWidth(check.size(width)));
    } catch (IllegalArgumentException e) {
      throw check.wrong(
          argument,
          "at least the window's size",
          check.size(height) + " x " + check.size(width) + " pixels (" + e.getMessage() + ")");
    }
  }
}
