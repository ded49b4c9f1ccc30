// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A table that DuckDB reads: a Parquet or an Arrow file, or the rows of a query. */
final class DuckTable implements Table {
  /** The start of a query. */
  static final String QUERY = "duckdb:";

  /** The file of a database before its query. */
  private static final Pattern DATABASE =
      Pattern.compile("(.+\\.(?:duckdb|ddb|db)):(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final List<String> ARROW = List.of(".arrow", ".feather", ".ipc");
  private static final String INDEX = "__index_level_0__";

  private final Source source;
  private final BadRows badRows;
  private final List<DuckColumn> columns;
  private final List<String> remarks;
  private final long count;

  private DuckTable(
      Source source, BadRows badRows, List<DuckColumn> columns, List<String> remarks, long count) {
    this.source = source;
    this.badRows = badRows;
    this.columns = List.copyOf(columns);
    this.remarks = List.copyOf(remarks);
    this.count = count;
  }

  /**
   * The source of the rows.
   *
   * @param name for messages
   * @param database a file with tables; null for none
   * @param relation a query in brackets, or a function of SQL that reads a file
   * @param extension that DuckDB has to load; null for none
   * @param counted whether the number of rows is known without reading them
   */
  private record Source(
      String name,
      @Nullable Path database,
      String relation,
      @Nullable String extension,
      boolean counted) {
    static Source of(String spec) {
      if (spec.startsWith(QUERY)) {
        String query = spec.substring(QUERY.length());
        Matcher given = DATABASE.matcher(query);
        Path database = given.matches() ? Path.of(given.group(1)) : null;
        if (database != null) {
          NamedInput.requireFile(database);
          query = given.group(2);
        }
        String only = query.strip().replaceFirst(";$", "");
        // The line end is for a query that ends with a comment.
        return new Source(spec, database, "(" + only + "\n)", null, false);
      }
      NamedInput.requireFile(Path.of(spec));
      String file = DuckDb.file(spec);
      return isArrow(spec)
          ? new Source(spec, null, "read_arrow(" + file + ")", "nanoarrow", false)
          : new Source(spec, null, "read_parquet(" + file + ")", null, true);
    }

    DuckDb open() {
      DuckDb opened = DuckDb.open(name, database);
      try {
        if (extension != null) {
          opened.execute("LOAD " + extension);
        }
        return opened;
      } catch (DataException e) {
        opened.close();
        throw new DataException(
            name
                + ": DuckDB reads Arrow by its extension nanoarrow, which is not installed, and"
                + " vae4j downloads nothing: run INSTALL nanoarrow FROM community once in DuckDB"
                + " 1.5.6, or save the table as Parquet",
            e);
      }
    }
  }

  static boolean isTable(String spec) {
    return spec.startsWith(QUERY)
        || spec.toLowerCase(Locale.ROOT).endsWith(".parquet")
        || isArrow(spec);
  }

  private static boolean isArrow(String spec) {
    String lower = spec.toLowerCase(Locale.ROOT);
    return ARROW.stream().anyMatch(lower::endsWith);
  }

  static DuckTable open(String spec, TableOptions options) {
    Source source = Source.of(spec);
    List<DuckColumn> columns = new ArrayList<>();
    List<String> out = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    long count = -1;
    try (DuckDb database = source.open()) {
      try (ResultSet described = database.query("DESCRIBE SELECT * FROM " + source.relation())) {
        while (described.next()) {
          DuckColumn column = DuckColumn.of(described.getString(1), described.getString(2));
          if (column == null) {
            out.add(described.getString(1) + " (" + described.getString(2) + ")");
          } else {
            columns.add(column);
          }
        }
      }
      if (source.counted()) {
        try (ResultSet rows = database.query("SELECT count(*) FROM " + source.relation())) {
          rows.next();
          count = rows.getLong(1);
        }
      }
    } catch (SQLException e) {
      throw DuckDb.failed(spec, e);
    }
    if (columns.size() > 1 && columns.removeIf(column -> column.name().equals(INDEX))) {
      remarks.add(
          spec
              + ": column "
              + INDEX
              + " is the index of pandas, and is left out; if it is a column of the data, give it"
              + " another name");
    }
    if (!out.isEmpty()) {
      String names = Excerpt.of(out);
      if (columns.isEmpty()) {
        throw new DataException(
            spec + ": has no column of numbers, texts or times; it has " + names);
      }
      remarks.add(
          spec
              + ": leaves out "
              + names
              + ", as lists, structures and bytes are no values of a table; duckdb:SELECT can take"
              + " their parts");
    }
    return new DuckTable(source, options.badRows(), columns, remarks, count);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public List<String> columns() {
    return columns.stream().map(DuckColumn::name).toList();
  }

  @Override
  public TableRows rows() {
    return rows(badRows);
  }

  @Override
  public TableRows rows(BadRows policy) {
    DuckDb database = source.open();
    try {
      String values = String.join(", ", columns.stream().map(DuckColumn::value).toList());
      ResultSet rows = database.query("SELECT " + values + " FROM " + source.relation() + " given");
      return new DuckRows(source.name(), database, rows, columns, count);
    } catch (DataException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }

  @Override
  public void close() {}
}
