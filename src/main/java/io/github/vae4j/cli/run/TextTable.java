// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.util.ArrayList;
import java.util.List;

/** Lines of texts in columns. */
public final class TextTable {
  private static final int LONGEST = 28;

  private TextTable() {}

  /**
   * A text of a file that fits into a column.
   *
   * @param text of any length
   * @return the text, or its first 25 characters and an ellipsis
   */
  public static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
  }

  /**
   * Aligns texts.
   *
   * @param rows of equally many texts, the heading first
   * @return a line for each row
   */
  public static List<String> lines(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
