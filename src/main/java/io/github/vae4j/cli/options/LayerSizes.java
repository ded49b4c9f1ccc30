// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of hidden layers.
 *
 * @param units from x to z; empty for none
 */
public record LayerSizes(List<Integer> units) {
  private static final String NONE = "none";

  /** Copies the sizes. {@inheritDoc} */
  public LayerSizes {
    units = List.copyOf(units);
  }

  /** Reads {@code 400,200}, or {@code none}. */
  static LayerSizes parse(String text) {
    List<Integer> units = new ArrayList<>();
    if (!text.equals(NONE)) {
      for (String part : text.split(",", -1)) {
        units.add(size(part.trim(), text));
      }
    }
    return new LayerSizes(units);
  }

  private static int size(String part, String text) {
    try {
      int size = Integer.parseInt(part);
      if (size >= 1) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw wrong(text, e);
    }
    throw wrong(text, null);
  }

  private static IllegalArgumentException wrong(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "expected layer sizes of 1 or more as in 400,200, or none, given \"" + text + "\"", cause);
  }
}
