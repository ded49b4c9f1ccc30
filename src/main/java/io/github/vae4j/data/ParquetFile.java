// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.VaeException;
import io.github.vae4j.files.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Writes Parquet by DuckDB, an optional dependency: org.duckdb:duckdb_jdbc. */
public final class ParquetFile {
  private ParquetFile() {}

  /**
   * Writes the rows of a CSV as Parquet. A column has the narrowest type that all its values have:
   * whole numbers, doubles, dates, times, booleans, else text. An existing file is replaced when
   * the new one is complete.
   *
   * @param csv a header, then rows (RFC 4180, UTF-8); an empty field is a missing value
   * @param file to write
   * @throws VaeException if DuckDB is missing, or the file cannot be written; the old file is then
   *     unchanged
   */
  public static void write(Path csv, Path file) {
    Path made = Path.of(System.getProperty("java.io.tmpdir"), "vae4j-parquet-" + UUID.randomUUID());
    try {
      try (DuckDb database = DuckDb.open(file.toString(), null)) {
        database.execute(
            "COPY (SELECT * FROM read_csv("
                + DuckDb.file(csv.toString())
                + ", header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
                + " sample_size = -1)) TO "
                + DuckDb.text(made.toString())
                + " (FORMAT parquet)");
      }
      AtomicFiles.write(
          file,
          out -> {
            try (InputStream in = Files.newInputStream(made)) {
              in.transferTo(out);
            }
          });
    } finally {
      delete(file, made);
    }
  }

  private static void delete(Path file, Path made) {
    try {
      Files.deleteIfExists(made);
    } catch (IOException e) {
      throw DataException.reading(file + ": the temporary file " + made, e);
    }
  }
}
