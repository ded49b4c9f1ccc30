// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.UUID;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * An empty database of DuckDB in memory, in which a query runs. No other class uses DuckDB. It
 * loads no extension but those within it, and so it reaches no network. A database file is attached
 * to be read only.
 */
final class DuckDb implements AutoCloseable {
  private static final long LEAST_MEMORY = 512L << 20;
  private static final int MESSAGE_CHARACTERS = 500;

  private final String name;
  private final Path spill;
  private final Connection connection;

  private DuckDb(String name, Path spill, Connection connection) {
    this.name = name;
    this.spill = spill;
    this.connection = connection;
  }

  /**
   * Opens a database.
   *
   * @param name of the table, for messages
   * @param file of a database whose tables the query may name; null for none
   */
  static DuckDb open(String name, @Nullable Path file) {
    Path spill = Path.of(System.getProperty("java.io.tmpdir"), "vae4j-duckdb-" + UUID.randomUUID());
    Properties settings = new Properties();
    settings.setProperty("jdbc_stream_results", "true");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    // One thread, so that a query gives the same order of rows in each pass.
    settings.setProperty("threads", "1");
    settings.setProperty(
        "memory_limit", Math.max(LEAST_MEMORY, Runtime.getRuntime().maxMemory()) + "B");
    settings.setProperty("temp_directory", spill.toString());
    Connection connection = connect(name, settings);
    DuckDb database = new DuckDb(name, spill, connection);
    try {
      if (file != null) {
        database.execute("ATTACH " + text(file.toString()) + " AS given (READ_ONLY)");
        database.execute("USE given");
      }
      return database;
    } catch (DataException e) {
      database.close();
      throw e;
    }
  }

  private static Connection connect(String name, Properties settings) {
    try {
      return new DuckDBDriver().connect("jdbc:duckdb:", settings);
    } catch (SQLException e) {
      throw failed(name, e);
    } catch (NoClassDefFoundError e) {
      throw new DataException(
          name
              + ": Parquet, Arrow and SQL need DuckDB, which is not on the class path: add"
              + " org.duckdb:duckdb_jdbc:1.5.6.0 to your dependencies, or its jar to the folder lib"
              + " of an installed vae4j; or use CSV",
          e);
    } catch (LinkageError e) {
      throw new DataException(
          name + ": the native library of DuckDB cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** A text as a literal of SQL. */
  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** The name of a file to read, in which DuckDB would take some characters as a pattern. */
  static String file(String name) {
    return text(name.replaceAll("[\\[*?]", "[$0]"));
  }

  /** A name as an identifier of SQL. */
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failed(name, e);
    }
  }

  /** The rows of a query; closed with the database. */
  ResultSet query(String sql) {
    try {
      Statement statement = connection.createStatement();
      statement.closeOnCompletion();
      return statement.executeQuery(sql);
    } catch (SQLException e) {
      throw failed(name, e);
    }
  }

  /** The error of DuckDB in one line. */
  static DataException failed(String name, SQLException e) {
    String message = String.valueOf(e.getMessage());
    int inner = message.indexOf("\nError: ");
    String cause = inner < 0 ? message : message.substring(inner + "\nError: ".length());
    int hint = cause.indexOf("\nPlease try installing");
    String first = (hint < 0 ? cause : cause.substring(0, hint)).strip();
    StringBuilder line = new StringBuilder();
    for (String part : first.lines().toList()) {
      String text = part.strip();
      if (!text.isEmpty() && !text.matches("\\^+")) {
        line.append(line.length() == 0 ? "" : " ").append(text);
      }
    }
    String shown =
        line.length() <= MESSAGE_CHARACTERS
            ? line.toString()
            : line.substring(0, MESSAGE_CHARACTERS);
    return new DataException(name + ": cannot be read: " + shown, e);
  }

  @Override
  public void close() {
    try {
      connection.close();
      // DuckDB leaves the folder if its process ends before.
      Files.deleteIfExists(spill);
    } catch (SQLException e) {
      throw failed(name, e);
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }
}
