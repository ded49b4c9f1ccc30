// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.github.vae4j.tensor.DType;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipException;

/** Reads a table of numbers: a header with a name for each column, then rows. */
final class CsvTable {
  private static final int MOST_COLUMNS = 1 << 20;
  private static final int MOST_CHARACTERS = 1 << 16;
  private static final int BUFFER_CHARACTERS = 1 << 20;
  private static final int SHORTEST = 4;

  private final String name;
  private final boolean missing;
  private final CsvHeader header;
  private final HeapRows rows;
  private final IntStream.Builder lines = IntStream.builder();
  private final float[] row;
  private int count;

  /** The empty lines since the last row, which are rows if another row follows. */
  private final List<Long> empty = new ArrayList<>();

  private int rounded = -1;
  private int roundedRow;

  private CsvTable(String name, CsvHeader header, boolean missing) {
    this.name = name;
    this.header = header;
    this.missing = missing;
    this.row = new float[header.names().size()];
    this.rows = new HeapRows(name, DType.FLOAT32, row.length);
  }

  static DataSet open(String name, Path file, char separator, OpenOptions options) {
    Quotes quotes = new Quotes();
    try (NamedInput input = NamedInput.open(file);
        CsvReader<CsvRecord> reader =
            CsvReader.builder()
                .fieldSeparator(separator)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .skipEmptyLines(false)
                .detectBomHeader(true)
                .maxBufferSize(BUFFER_CHARACTERS)
                .build(
                    CsvRecordHandler.of(
                        handler ->
                            handler
                                .maxFields(MOST_COLUMNS)
                                .maxFieldSize(MOST_CHARACTERS)
                                .fieldModifier(quotes)),
                    quotes.of(padded(input.stream())),
                    StandardCharsets.UTF_8)) {
      return read(name, reader.iterator(), quotes, options.missing());
    } catch (CsvParseException e) {
      if (e.getCause() instanceof Error error) {
        // Memory that ends is no fault of the table.
        throw error;
      }
      throw new DataException(name + ": is not a table: " + reason(e), e);
    } catch (UncheckedIOException e) {
      throw unreadable(name, e.getCause() == null ? e : e.getCause());
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /** With empty lines after a shorter file: FastCSV 4.1 reads four bytes and loses fewer. */
  private static InputStream padded(InputStream file) throws IOException {
    byte[] begin = file.readNBytes(SHORTEST);
    byte[] whole = Arrays.copyOf(begin, SHORTEST);
    Arrays.fill(whole, begin.length, SHORTEST, (byte) '\n');
    return new SequenceInputStream(new ByteArrayInputStream(whole), file);
  }

  private static DataException unreadable(String name, Exception e) {
    if (e instanceof ZipException || e instanceof EOFException) {
      return new DataException(
          name
              + ": is damaged or truncated: its compressed data end too early or are wrong; get the"
              + " file again",
          e);
    }
    return DataException.reading(name, e);
  }

  private static String reason(CsvParseException e) {
    String place = Excerpt.of(String.valueOf(e.getMessage()));
    Throwable cause = e.getCause();
    String why = cause == null ? "" : ": " + Excerpt.of(String.valueOf(cause.getMessage()));
    return place
        + why
        + "; at most "
        + MOST_COLUMNS
        + " columns, and "
        + MOST_CHARACTERS
        + " characters in a field, can be read: is a quotation mark not closed, or the separator"
        + " another one?";
  }

  private static DataSet read(
      String name, Iterator<CsvRecord> records, Quotes quotes, boolean missing) {
    CsvRecord first = null;
    while (first == null && records.hasNext()) {
      CsvRecord record = next(records, quotes, name);
      first = isEmpty(record) ? null : record;
    }
    if (first == null) {
      throw new DataException(name + ": is empty: expected a header, then rows of numbers");
    }
    CsvTable table = new CsvTable(name, CsvHeader.of(name, first), missing);
    while (records.hasNext()) {
      table.add(next(records, quotes, name));
    }
    return table.build();
  }

  /** The next record; the last one is refused if only the end of the file closes its quotes. */
  private static CsvRecord next(Iterator<CsvRecord> records, Quotes quotes, String name) {
    CsvRecord record = records.next();
    if (!records.hasNext()) {
      quotes.requireClosed(name);
    }
    return record;
  }

  private static boolean isEmpty(CsvRecord record) {
    return record.getFieldCount() == 1 && record.getField(0).isEmpty();
  }

  private void add(CsvRecord record) {
    if (isEmpty(record)) {
      // In a table of one column it is a missing value, unless it is after the last row.
      if (missing && header.fields() == 1) {
        empty.add(record.getStartingLineNumber());
      }
      return;
    }
    for (long line : empty) {
      row[0] = Float.NaN;
      put(line);
    }
    empty.clear();
    if (record.getFieldCount() != header.fields()) {
      throw new DataException(
          name
              + ": line "
              + record.getStartingLineNumber()
              + ": number of fields: expected "
              + header.fields()
              + ", as in the header, given "
              + record.getFieldCount()
              + (record.getFields().stream().anyMatch(field -> field.indexOf('\n') >= 0)
                  ? "; is a quotation mark not closed?"
                  : ""));
    }
    for (int column = 0; column < row.length; column++) {
      String text = record.getField(header.first() + column).strip();
      if (missing && CsvNumber.isMissing(text)) {
        row[column] = Float.NaN;
        continue;
      }
      row[column] = number(record, text, column);
      if (rounded < 0 && CsvNumber.isRounded(text, row[column])) {
        rounded = column;
        roundedRow = count;
      }
    }
    put(record.getStartingLineNumber());
  }

  private void put(long line) {
    lines.add((int) Math.min(line, Integer.MAX_VALUE));
    rows.put(count++, row, 0);
  }

  private float number(CsvRecord record, String text, int column) {
    float value = CsvNumber.parse(text);
    if (Float.isFinite(value)) {
      return value;
    }
    throw new DataException(
        name
            + ": line "
            + record.getStartingLineNumber()
            + ", "
            + Columns.text(header.columns(), column)
            + ": "
            + CsvNumber.complaint(text));
  }

  private DataSet build() {
    if (count == 0) {
      throw new DataException(name + ": is empty: it has a header but no rows");
    }
    RowNotes notes = RowNotes.NONE.withPlaces(new RowPlaces.Lines(lines.build().toArray()));
    DataInfo info =
        new DataInfo(
            name,
            count,
            row.length,
            DType.FLOAT32,
            1,
            null,
            missing,
            header.columns(),
            notes,
            header.remarks());
    RowSource source = rows.build(count);
    DataSet set = new RowDataSet(info, source);
    return rounded < 0
        ? set
        : new RowDataSet(info.withRemark(ArrayValues.notExact(set, roundedRow, rounded)), source);
  }
}
