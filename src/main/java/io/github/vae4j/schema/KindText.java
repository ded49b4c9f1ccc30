// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.List;
import java.util.Locale;

/**
 * A kind as the user names it: {@code numeric}, {@code numeric:log}, {@code count}, {@code binary},
 * {@code categorical}, {@code categorical:50} (at most 50 levels), {@code datetime}, {@code
 * datetime:dd.MM.yyyy}, {@code out}, {@code label}, {@code weight}, {@code condition} or {@code
 * condition:categorical}.
 *
 * @param name of the kind
 * @param setting the text after the colon; empty for none
 */
public record KindText(String name, String setting) {
  /** The names of kinds. */
  public static final List<String> NAMES =
      List.of(
          "numeric",
          "count",
          "binary",
          "categorical",
          "datetime",
          "out",
          "label",
          "weight",
          "condition");

  /**
   * Reads the text of a kind.
   *
   * @param text as above
   * @return its parts
   * @throws IllegalArgumentException if there is no such kind
   */
  public static KindText parse(String text) {
    int colon = text.indexOf(':');
    String name = (colon < 0 ? text : text.substring(0, colon)).strip().toLowerCase(Locale.ROOT);
    String setting = colon < 0 ? "" : text.substring(colon + 1).strip();
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "kind: expected one of " + String.join(", ", NAMES) + ", given \"" + text + "\"");
    }
    List<String> without = List.of("count", "binary", "out", "label", "weight");
    if (!setting.isEmpty() && without.contains(name)) {
      throw new IllegalArgumentException(
          "kind: " + name + " has no setting, given \"" + text + "\"");
    }
    return new KindText(name, setting);
  }
}
