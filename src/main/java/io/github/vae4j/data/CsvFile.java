// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A text file with a row on each line. */
final class CsvFile implements Table {
  private final String name;
  private final Path file;
  private final TableOptions options;
  private final char separator;
  private final boolean header;
  private final int fields;

  /** The first field that is a column: 1 after the index of pandas. */
  private final int first;

  private final List<String> columns;
  private final List<String> remarks;

  private CsvFile(
      String name, Path file, TableOptions options, char separator, List<String> first) {
    this.name = name;
    this.file = file;
    this.options = options;
    this.separator = separator;
    this.fields = first.size();
    this.header = isHeader(options.header(), first);
    boolean index =
        header && fields > 1 && (first.get(0).isEmpty() || first.get(0).equals("Unnamed: 0"));
    this.first = index ? 1 : 0;
    this.columns = header ? first.subList(this.first, fields) : numbered(fields);
    this.remarks =
        index
            ? List.of(
                name
                    + ": column 1 has "
                    + (first.get(0).isEmpty() ? "no name" : "the name \"Unnamed: 0\"")
                    + ", as the index of pandas, and is left out; if it is a column of the data,"
                    + " give it a name")
            : List.of();
  }

  static CsvFile open(String name, Path file, TableOptions options) {
    Character given = options.separator();
    char separator = given != null ? given : name.contains(".tsv") ? '\t' : ',';
    try (CsvRecords records = CsvRecords.open(name, file, separator, options)) {
      if (!records.next()) {
        throw new DataException(name + ": is empty: expected a header, then rows");
      }
      List<String> first = new ArrayList<>();
      for (int i = 0; i < records.fields(); i++) {
        first.add(records.text(i));
      }
      CsvFile table = new CsvFile(name, file, options, separator, first);
      table.requireUnique();
      return table;
    }
  }

  private static boolean isHeader(TableOptions.Header header, List<String> first) {
    return switch (header) {
      case YES -> true;
      case NO -> false;
      case AUTO -> !first.stream().allMatch(CsvNumber::isNumber);
    };
  }

  private static List<String> numbered(int fields) {
    List<String> names = new ArrayList<>(fields);
    for (int i = 1; i <= fields; i++) {
      names.add("column" + i);
    }
    return names;
  }

  private void requireUnique() {
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      Integer before = seen.putIfAbsent(columns.get(i), i);
      if (before != null) {
        throw new DataException(
            name
                + ": columns "
                + (before + first + 1)
                + " and "
                + (i + first + 1)
                + " are both named \""
                + Excerpt.of(columns.get(i))
                + "\"; give them different names");
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public TableRows rows() {
    return rows(options.badRows());
  }

  @Override
  public TableRows rows(BadRows badRows) {
    CsvRecords records = CsvRecords.open(name, file, separator, options);
    if (header) {
      records.next();
    }
    return new CsvRows(name, records, fields, first, badRows);
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }

  @Override
  public void close() {}
}
