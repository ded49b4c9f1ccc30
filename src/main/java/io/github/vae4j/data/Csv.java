// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.vae4j.VaeException;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Tables of numbers as text (RFC 4180, UTF-8): a header with a name for each column, then rows. */
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

  static DataSet open(String name, Path file, char separator, OpenOptions options) {
    NamedInput.requireFile(file);
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .fieldSeparator(separator)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .detectBomHeader(true)
            .ofCsvRecord(file, StandardCharsets.UTF_8)) {
      return read(name, reader.iterator(), options.missing());
    } catch (CsvParseException e) {
      throw new DataException(name + ": is not a table: " + e.getMessage(), e);
    } catch (IOException | UncheckedIOException e) {
      throw DataException.reading(name, e);
    }
  }

  private static DataSet read(String name, Iterator<CsvRecord> records, boolean missing) {
    if (!records.hasNext()) {
      throw new DataException(name + ": is empty: expected a header, then rows of numbers");
    }
    List<String> header = header(name, records.next());
    HeapRows rows = new HeapRows(name, DType.FLOAT32, header.size());
    float[] row = new float[header.size()];
    int count = 0;
    while (records.hasNext()) {
      CsvRecord fields = records.next();
      if (fields.getFieldCount() != row.length) {
        throw new DataException(
            name
                + ": line "
                + fields.getStartingLineNumber()
                + " has "
                + fields.getFieldCount()
                + " fields, the header has "
                + row.length);
      }
      for (int column = 0; column < row.length; column++) {
        row[column] =
            missing && isMissing(fields.getField(column).strip())
                ? Float.NaN
                : number(name, fields, header, column);
      }
      rows.put(count++, row, 0);
    }
    if (count == 0) {
      throw new DataException(name + ": is empty: it has a header but no rows");
    }
    DataInfo info =
        new DataInfo(
            name,
            count,
            row.length,
            DType.FLOAT32,
            1,
            null,
            missing,
            List.copyOf(header),
            RowNotes.NONE);
    return new RowDataSet(info, rows.build(count));
  }

  private static List<String> header(String name, CsvRecord first) {
    List<String> header = new ArrayList<>();
    boolean names = false;
    for (String field : first.getFields()) {
      header.add(field.strip());
      names |= !isNumber(field.strip());
    }
    if (!names) {
      throw new DataException(
          name
              + ": has no header: its first line is "
              + String.join(", ", header.subList(0, Math.min(header.size(), 5)))
              + (header.size() > 5 ? ", ..." : "")
              + "; put a line with the names of the columns before it");
    }
    return header;
  }

  private static float number(String name, CsvRecord record, List<String> header, int column) {
    String text = record.getField(column).strip();
    float value = parse(text);
    if (Float.isFinite(value)) {
      return value;
    }
    throw new DataException(
        name
            + ": line "
            + record.getStartingLineNumber()
            + ", column "
            + (column + 1)
            + " ("
            + header.get(column)
            + "): "
            + complaint(text));
  }

  private static String complaint(String text) {
    if (text.isEmpty()) {
      return "is empty; every row needs a number there: fill it in or leave out the row or column,"
          + " or give --missing where it is not known";
    }
    if (isNumber(text)) {
      return text + " is beyond the range of float32";
    }
    String word = text.toLowerCase(Locale.ROOT).replaceFirst("^[+-]", "");
    if (isMissing(text)) {
      return text
          + (word.equals("nan") ? " is not finite" : " is not a number")
          + Finite.MISSING.replace("NaN", text);
    }
    if (word.equals("nan") || word.equals("inf") || word.equals("infinity")) {
      return text + " is not finite; every value must be a finite number";
    }
    return "expected a number, found \"" + text + "\"";
  }

  /** The texts for a missing value in tables. */
  private static boolean isMissing(String text) {
    return text.isEmpty() || text.equalsIgnoreCase("NA") || text.equalsIgnoreCase("NaN");
  }

  private static boolean isNumber(String text) {
    return !Float.isNaN(parse(text));
  }

  /** A decimal number, or NaN for other text, also for Java's "1f" and "0x1p3". */
  private static float parse(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
        return Float.NaN;
      }
    }
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }
}
