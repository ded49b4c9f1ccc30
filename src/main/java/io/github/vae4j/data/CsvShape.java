// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of a text file, by its first records.
 *
 * @param header whether the first record has the names
 * @param fields the number of fields in a row
 * @param first the first field that is a column
 * @param columns the names of the columns, from that field on; further fields are none
 * @param remarks on the choices
 */
record CsvShape(boolean header, int fields, int first, List<String> columns, List<String> remarks) {
  CsvShape {
    columns = List.copyOf(columns);
    remarks = List.copyOf(remarks);
  }

  /**
   * The columns of a table of texts.
   *
   * @param top the fields of the first record
   * @param rows those of some rows after it
   * @throws DataException if two columns have one name
   */
  static CsvShape of(
      String table, TableOptions.Header wish, List<String> top, List<List<String>> rows) {
    List<String> remarks = new ArrayList<>();
    if (!HeaderRule.isHeader(table, wish, top, rows, remarks)) {
      List<String> names = new ArrayList<>(top.size());
      for (int i = 1; i <= top.size(); i++) {
        names.add("column" + i);
      }
      return new CsvShape(false, top.size(), 0, names, remarks);
    }
    int fields = top.size();
    int from = 0;
    int to = fields;
    boolean longer = !rows.isEmpty() && rows.stream().allMatch(row -> row.size() == top.size() + 1);
    longer &= rows.size() > 1 || lastEmpty(rows, fields);
    if (longer) {
      fields++;
      if (rows.stream().anyMatch(row -> !row.get(top.size()).isEmpty())) {
        from = 1;
        remarks.add(
            table
                + ": rows have one field more than the header, as R writes the names of rows; the"
                + " first field is left out");
      }
    } else if (fields > 1 && (top.get(0).isEmpty() || top.get(0).equals("Unnamed: 0"))) {
      from = 1;
      remarks.add(
          table
              + ": column 1 has "
              + (top.get(0).isEmpty() ? "no name" : "the name \"" + top.get(0) + "\"")
              + ", as the index of pandas, and is left out; if it is a column of the data, give it"
              + (top.get(0).isEmpty() ? " a name" : " another name"));
    }
    if (!longer && to - from > 1 && top.get(to - 1).isEmpty() && lastEmpty(rows, to - 1)) {
      // Each line, also the header, ends with a separator.
      to--;
    }
    int offset = longer ? 0 : from;
    List<String> names = new ArrayList<>(top.subList(offset, to));
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isEmpty()) {
        names.set(i, "column" + (offset + i + 1));
        remarks.add(
            table + ": column " + (offset + i + 1) + " has no name, and is " + names.get(i));
      }
    }
    requireUnique(table, names, offset);
    return new CsvShape(true, fields, from, names, remarks);
  }

  private static boolean lastEmpty(List<List<String>> rows, int field) {
    return rows.stream().allMatch(row -> row.size() <= field || row.get(field).isEmpty());
  }

  private static void requireUnique(String table, List<String> names, int offset) {
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Integer before = seen.putIfAbsent(names.get(i), i);
      if (before != null) {
        throw new DataException(
            table
                + ": columns "
                + (before + offset + 1)
                + " and "
                + (i + offset + 1)
                + " are both named \""
                + Excerpt.of(names.get(i))
                + "\"; give one of them another name");
      }
    }
  }
}
