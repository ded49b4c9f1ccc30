// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The first line of a table.
 *
 * @param fields the number of fields in a line
 * @param first the first field that is a column; 1 if the first field is the index of pandas, which
 *     has no name, else 0
 * @param names of the columns from there on
 * @param remarks on the header
 */
record CsvHeader(int fields, int first, List<String> names, List<String> remarks) {
  private static final int SHOWN = 5;

  static CsvHeader of(String table, List<String> fields) {
    if (fields.stream().allMatch(CsvNumber::isNumber)) {
      throw new DataException(
          table
              + ": has no header: its first line is "
              + Excerpt.of(fields.subList(0, Math.min(fields.size(), SHOWN)))
              + (fields.size() > SHOWN ? ", ..." : "")
              + "; put a line with the names of the columns before it");
    }
    boolean index = fields.size() > 1 && fields.get(0).isEmpty();
    List<String> names = fields.subList(index ? 1 : 0, fields.size());
    List<String> remarks = new ArrayList<>();
    if (index) {
      remarks.add(
          table
              + ": column 1 has no name, as the index of pandas, and is left out; if it is a column"
              + " of the data, give it a name");
    }
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Integer before = seen.putIfAbsent(names.get(i), i);
      if (before != null) {
        int offset = fields.size() - names.size() + 1;
        remarks.add(
            table
                + ": columns "
                + (before + offset)
                + " and "
                + (i + offset)
                + " are both named \""
                + Excerpt.of(names.get(i))
                + "\": neither can be chosen by its name");
        break;
      }
    }
    return new CsvHeader(fields.size(), index ? 1 : 0, List.copyOf(names), List.copyOf(remarks));
  }

  /** The fields of a row. */
  CsvShape shape() {
    return new CsvShape(true, fields, first, names, remarks);
  }

  /** The columns of the set. */
  Columns columns() {
    List<Integer> all = Columns.first(fields);
    return new Columns(names, all.subList(first, fields));
  }
}
