// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The names, of columns or of commands, that a misspelt one may mean. picocli compares pairs of
 * letters, by which "trian" is nearer to "drift" than to "train".
 */
public final class CloseNames {
  private static final int MOST = 3;

  private CloseNames() {}

  /**
   * The names that differ by two letters at most, upper and lower case alike.
   *
   * @param given the misspelt name
   * @param names the names that there are
   * @return at most three of them, the nearest first
   */
  public static List<String> of(String given, Collection<String> names) {
    return names.stream()
        .filter(name -> distance(given, name) <= 2)
        .sorted(Comparator.<String>comparingInt(name -> distance(given, name)))
        .limit(MOST)
        .toList();
  }

  /** Letters that are added, removed, changed, or swapped with the next one. */
  private static int distance(String given, String other) {
    String a = given.toLowerCase(Locale.ROOT);
    String name = other.toLowerCase(Locale.ROOT);
    int[][] steps = new int[a.length() + 1][name.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= name.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        int changed = steps[i - 1][j - 1] + (a.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1);
        steps[i][j] = Math.min(changed, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == name.charAt(j - 2)
            && a.charAt(i - 2) == name.charAt(j - 1)) {
          steps[i][j] = Math.min(steps[i][j], 1 + steps[i - 2][j - 2]);
        }
      }
    }
    return steps[a.length()][name.length()];
  }
}
