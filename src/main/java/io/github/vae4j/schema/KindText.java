// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

  private static final List<String> CONDITIONS =
      List.of("numeric", "count", "binary", "categorical");

  /**
   * Reads the text of a kind.
   *
   * @param text as above
   * @return its parts
   * @throws IllegalArgumentException if there is no such kind, or it has no such setting
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
    KindText kind = new KindText(name, setting);
    kind.requireSetting();
    return kind;
  }

  private void requireSetting() {
    if (setting.isEmpty()) {
      return;
    }
    switch (name) {
      case "numeric" -> rule();
      case "categorical" -> mostLevels();
      case "datetime" -> format();
      case "condition" -> requireCondition(parse(setting));
      default -> throw new IllegalStateException(name + " has no setting");
    }
  }

  private static void requireCondition(KindText of) {
    if (!CONDITIONS.contains(of.name)) {
      throw new IllegalArgumentException(
          "kind: a condition is one of "
              + String.join(", ", CONDITIONS)
              + ", given condition:"
              + of.name);
    }
  }

  /** The rule of scaling of a numeric column; null to choose it by the values. */
  Scaling.@Nullable Rule rule() {
    if (setting.isEmpty()) {
      return null;
    }
    for (Scaling.Rule rule : Scaling.Rule.values()) {
      if (rule.name().equalsIgnoreCase(setting)) {
        return rule;
      }
    }
    throw new IllegalArgumentException(
        "kind: expected numeric:standard, numeric:robust or numeric:log, given numeric:" + setting);
  }

  /** The most levels of a categorical column. */
  int mostLevels() {
    if (setting.isEmpty()) {
      return KindMaker.MOST_LEVELS;
    }
    int most = setting.matches("[1-9]\\d{0,6}") ? Integer.parseInt(setting) : 0;
    if (most == 0 || most > Kind.MOST_LEVELS) {
      throw new IllegalArgumentException(
          "kind: expected a number of levels up to "
              + Kind.MOST_LEVELS
              + ", as in categorical:50, given categorical:"
              + setting);
    }
    return most;
  }

  /** The format of a column of times; null to find it. */
  @Nullable TimeFormat format() {
    return setting.isEmpty() ? null : new TimeFormat(setting);
  }
}
