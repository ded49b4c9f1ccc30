// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

/** A pass over the rows of a text file. */
final class CsvRows implements TableRows {
  private final String name;
  private final CsvRecords records;
  private final int fields;
  private final int first;
  private final BadRows badRows;

  CsvRows(String name, CsvRecords records, int fields, int first, BadRows badRows) {
    this.name = name;
    this.records = records;
    this.fields = fields;
    this.first = first;
    this.badRows = badRows;
  }

  @Override
  public boolean next() {
    while (records.next()) {
      if (records.fields() == fields) {
        return true;
      }
      badRows.add(
          name,
          place(),
          "number of fields: expected "
              + fields
              + ", as in the first line, given "
              + records.fields());
    }
    return false;
  }

  @Override
  public String get(int column) {
    return records.text(first + column);
  }

  @Override
  public double number(int column, Numerals numerals) {
    return records.number(first + column, numerals);
  }

  @Override
  public long line() {
    return records.line();
  }

  @Override
  public String place() {
    return "line " + line();
  }

  @Override
  public double done() {
    return records.done();
  }

  @Override
  public void close() {
    records.close();
  }
}
