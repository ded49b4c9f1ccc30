// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.TableRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The texts of columns of levels that are no level of the schema. */
public final class Unseen {
  private final Map<String, Found> found = new LinkedHashMap<>();

  Unseen() {}

  /** Texts of a column. */
  private static final class Found {
    private final String text;
    private final String place;
    private long count = 1;

    private Found(String text, String place) {
      this.text = text;
      this.place = place;
    }
  }

  /**
   * Texts of a column that are no level.
   *
   * @param text the first one
   * @param place of its row
   * @param count the number of rows
   */
  public record Entry(String text, String place, long count) {}

  void add(String column, String text, TableRows row) {
    Found before = found.get(column);
    if (before == null) {
      found.put(column, new Found(text, row.place()));
    } else {
      before.count++;
    }
  }

  /**
   * The columns with such texts.
   *
   * @return by the name of the column; in the order of finding
   */
  public Map<String, Entry> entries() {
    Map<String, Entry> entries = new LinkedHashMap<>();
    found.forEach((column, own) -> entries.put(column, new Entry(own.text, own.place, own.count)));
    return entries;
  }

  /**
   * The remarks on such texts.
   *
   * @param table its name
   * @return a sentence for each column
   */
  public List<String> remarks(String table) {
    List<String> remarks = new ArrayList<>();
    entries()
        .forEach(
            (column, entry) ->
                remarks.add(
                    String.format(
                        Locale.ROOT,
                        "%s: column \"%s\": %d %s, the first \"%s\" in %s",
                        table,
                        column,
                        entry.count(),
                        entry.count() == 1
                            ? "text is no level of the schema"
                            : "texts are no levels of the schema",
                        entry.text(),
                        entry.place())));
    return remarks;
  }
}
