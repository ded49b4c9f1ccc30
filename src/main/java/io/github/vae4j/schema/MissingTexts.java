// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The texts that stand for a missing value; upper and lower case are the same.
 *
 * @param more texts in addition to {@link #STANDARD}
 */
public record MissingTexts(List<String> more) {
  /** The texts that always stand for a missing value, beside an empty one and a database's NULL. */
  public static final List<String> STANDARD =
      List.of("NA", "NaN", "null", "None", "N/A", "#N/A", "<NA>", "?", "-");

  private static final int LONGEST = STANDARD.stream().mapToInt(String::length).max().orElse(0);

  /** Copies the list. {@inheritDoc} */
  public MissingTexts {
    more = List.copyOf(more);
  }

  /** No further texts. */
  public static final MissingTexts DEFAULTS = new MissingTexts(List.of());

  /** Whether a text stands for a missing value. */
  interface Test {
    boolean isMissing(@Nullable String text);
  }

  /** A test, which is faster than a search in the lists. */
  Test test() {
    Set<String> all = new LinkedHashSet<>();
    STANDARD.forEach(text -> all.add(text.toLowerCase(Locale.ROOT)));
    more.forEach(text -> all.add(text.toLowerCase(Locale.ROOT)));
    int longest = Math.max(LONGEST, more.stream().mapToInt(String::length).max().orElse(0));
    return text ->
        text == null
            || text.isEmpty()
            || (text.length() <= longest
                && !(text.charAt(0) >= '0' && text.charAt(0) <= '9' && more.isEmpty())
                && all.contains(text.toLowerCase(Locale.ROOT)));
  }
}
