// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.vae4j.VaeException;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * Writes tables of numbers as text (RFC 4180, UTF-8): a header with a name for each column, then
 * rows.
 */
public final class Csv {
  private Csv() {}

  /**
   * Writes a table. Each number is the shortest text from which the same float is read. An existing
   * file is replaced when the new one is complete.
   *
   * @param file to write
   * @param header a name for each column
   * @param matrix the rows
   * @throws VaeException if the file cannot be written; the old file is then unchanged
   */
  public static void write(Path file, List<String> header, Matrix matrix) {
    if (header.size() != matrix.columns()) {
      throw new IllegalArgumentException(
          "header: expected " + matrix.columns() + " names, given " + header.size());
    }
    AtomicFiles.write(file, out -> write(out, header, matrix));
  }

  private static void write(OutputStream out, List<String> header, Matrix matrix)
      throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    try {
      // Not closed: the stream is the caller's.
      CsvWriter writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text);
      writer.writeRecord(header);
      String[] fields = new String[matrix.columns()];
      for (int row = 0; row < matrix.rows(); row++) {
        for (int column = 0; column < fields.length; column++) {
          fields[column] = Float.toString(matrix.at(row, column));
        }
        writer.writeRecord(fields);
      }
      writer.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    text.flush();
  }

  /**
   * Writes a table of texts.
   *
   * @param out receives the bytes; not closed
   * @param header a name for each column
   * @param rows the number of rows
   * @param row gives the texts of a row by its number, from 0
   * @throws IOException if a byte cannot be written
   */
  public static void write(
      OutputStream out, List<String> header, int rows, IntFunction<List<String>> row)
      throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    try {
      CsvWriter writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text);
      writer.writeRecord(header);
      for (int i = 0; i < rows; i++) {
        writer.writeRecord(row.apply(i));
      }
      writer.flush();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    text.flush();
  }
}
