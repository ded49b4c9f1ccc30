package io.github.vae4j.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of hidden layers.
 *
 * @param units from x to z; empty for none
 */
record LayerSizes(List<Integer> units) {
  private static final String NONE = "none";

  LayerSizes {
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

  private static IllegalArgumentException wrong(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    return new IllegalArgumentException(
        "expected layer sizes of 1 or more as in 400,200, or none, given \"" + text + "\"", cause);
  }
}
