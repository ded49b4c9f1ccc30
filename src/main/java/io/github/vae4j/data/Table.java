// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A table of texts: named columns, and passes over its rows. It does not say what the texts mean.
 *
 * <p>A specification is one of
 *
 * <ul>
 *   <li>{@code FILE.csv}, {@code FILE.tsv}, {@code FILE.txt}: text, plain or compressed by gzip
 *       ({@code FILE.csv.gz})
 *   <li>{@code FILE.parquet}; {@code FILE.arrow}, {@code FILE.feather} or {@code FILE.ipc} if
 *       DuckDB's extension nanoarrow is installed
 *   <li>{@code duckdb:SELECT ...}: the rows of a query, which may name files; {@code
 *       duckdb:FILE.duckdb:SELECT ...}: with the tables of a database, which is opened to be read
 * </ul>
 *
 * <p>All but text files need DuckDB on the class path: org.duckdb:duckdb_jdbc. Their values have
 * types, and become texts as a CSV has them: dates and times in ISO 8601 (times with a zone in
 * UTC), booleans as true and false, numbers as Java prints them, decimals without an exponent. A
 * query runs once for each pass, and must give the same rows each time.
 *
 * <p>Rows are streamed: a table may be larger than the memory. For one thread at a time.
 */
public interface Table extends AutoCloseable {
  /**
   * Opens a table.
   *
   * @param spec the specification
   * @param options the format of texts, and the policy for bad rows
   * @return the table; the caller closes it
   * @throws IllegalArgumentException if the specification has none of the forms above
   * @throws DataException if the data are missing or cannot be used
   */
  static Table open(String spec, TableOptions options) {
    if (!isTable(spec)) {
      throw new IllegalArgumentException(
          "table: expected FILE.csv, FILE.tsv, FILE.txt, FILE.parquet, FILE.arrow or duckdb:SELECT"
              + " ..., given \""
              + spec
              + "\"");
    }
    if (DuckTable.isTable(spec)) {
      return DuckTable.open(spec, options);
    }
    return CsvFile.open(spec, Path.of(spec), options);
  }

  /**
   * Whether a specification has a form that {@link #open} reads.
   *
   * @param spec the specification
   * @return whether it names a table
   */
  static boolean isTable(String spec) {
    if (DuckTable.isTable(spec)) {
      return true;
    }
    String name = spec.toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    return plain.endsWith(".csv") || plain.endsWith(".tsv") || plain.endsWith(".txt");
  }

  /**
   * The name of the table, for messages.
   *
   * @return the specification
   */
  String name();

  /**
   * The names of the columns, which are unique; without a header {@code column1}, {@code column2},
   * ...
   *
   * @return the names in the order of the file
   */
  List<String> columns();

  /**
   * The place of each column.
   *
   * @param columns different names, in their order
   * @return the number of each, from 0
   */
  static Map<String, Integer> places(List<String> columns) {
    Map<String, Integer> places = new HashMap<>();
    for (String name : columns) {
      places.put(name, places.size());
    }
    return places;
  }

  /**
   * A new pass over the rows, from the first one. Bad rows go to the policy of the options, in each
   * pass.
   *
   * @return the pass, before its first row; the caller closes it
   * @throws DataException if the data cannot be read
   */
  TableRows rows();

  /**
   * A new pass over the rows with a policy of its own.
   *
   * @param badRows the policy for rows with another number of fields than the header
   * @return the pass, before its first row; the caller closes it
   * @throws DataException if the data cannot be read
   */
  TableRows rows(BadRows badRows);

  /**
   * The choices that the reader made, which a user should know.
   *
   * @return a sentence for each
   */
  List<String> remarks();

  @Override
  void close();
}
