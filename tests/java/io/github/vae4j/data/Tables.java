// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads tables to their end. */
final class Tables {
  private Tables() {}

  /** The rows: the place, then the cells. */
  static List<List<@Nullable String>> read(String spec, TableOptions options) {
    try (Table table = Table.open(spec, options)) {
      return rows(table);
    }
  }

  static List<List<@Nullable String>> rows(Table table) {
    List<List<@Nullable String>> all = new ArrayList<>();
    try (TableRows rows = table.rows()) {
      while (rows.next()) {
        List<@Nullable String> row = new ArrayList<>();
        row.add(rows.place());
        for (int column = 0; column < table.columns().size(); column++) {
          row.add(rows.get(column));
        }
        all.add(row);
      }
    }
    return all;
  }
}
