// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import io.github.vae4j.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads a table of numbers: a header with a name for each column, then rows. */
final class CsvTable {
  private static final char MARK = '"';

  private final String name;
  private final boolean missing;
  private final CsvHeader header;
  private final HeapRows rows;
  private final IntStream.Builder lines = IntStream.builder();
  private final float[] row;
  private int count;

  private int rounded = -1;
  private int roundedRow;

  private CsvTable(String name, CsvHeader header, boolean missing) {
    this.name = name;
    this.header = header;
    this.missing = missing;
    this.row = new float[header.names().size()];
    this.rows = new HeapRows(name, DType.FLOAT32, row.length);
  }

  /**
   * Reads a file.
   *
   * @param separator between fields; null to find it
   */
  static DataSet open(String name, Path file, @Nullable Character separator, OpenOptions options) {
    try (TextSource source = TextSource.open(name, file, null)) {
      char[] sample = source.peek(CsvFile.SAMPLE_CHARACTERS);
      boolean whole = sample.length < CsvFile.SAMPLE_CHARACTERS;
      CsvFormat format = CsvFormat.of(name, sample, whole, separator, MARK);
      source.readAhead();
      CsvRows rows = new CsvRows(name, source, format);
      List<String> first = rows.head();
      if (first == null) {
        throw new DataException(name + ": is empty: expected a header, then rows of numbers");
      }
      CsvTable table = new CsvTable(name, CsvHeader.of(name, first), options.missing());
      // In a table of one column an empty line is a missing value.
      rows.expect(table.header.shape(), options.missing() && first.size() == 1, BadRows.fail());
      while (rows.next()) {
        table.add(rows);
      }
      return table.build();
    }
  }

  private void add(CsvRows record) {
    for (int column = 0; column < row.length; column++) {
      row[column] = number(record, column);
    }
    put(record.line());
  }

  private void put(long line) {
    lines.add((int) Math.min(line, Integer.MAX_VALUE));
    rows.put(count++, row, 0);
  }

  private float number(CsvRows record, int column) {
    double value = record.number(column, Numerals.PLAIN);
    if (Decimal.isFloat(value)) {
      float rough = (float) value;
      if (rounded < 0
          && Math.abs(rough) >= Finite.WHOLE
          && value == Math.rint(value)
          && value != rough) {
        rounded = column;
        roundedRow = count;
      }
      return rough;
    }
    String text = record.get(column);
    if (missing && CsvNumber.isMissing(text)) {
      return Float.NaN;
    }
    float exact = CsvNumber.parse(text);
    if (Float.isFinite(exact)) {
      if (rounded < 0 && CsvNumber.isRounded(text, exact)) {
        rounded = column;
        roundedRow = count;
      }
      return exact;
    }
    throw new DataException(
        name
            + ": "
            + record.place()
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
