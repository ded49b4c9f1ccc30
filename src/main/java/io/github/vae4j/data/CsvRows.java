// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pass over the rows of a text file. Empty lines are no rows, unless it is said that they are:
 * those before the last record.
 */
final class CsvRows implements TableRows {
  private final String name;
  private final TextSource source;
  private final CsvScanner scanner;
  private boolean header;
  private int fields;
  private int first;
  private boolean empties;
  private BadRows badRows = BadRows.fail();

  /** The empty lines that are rows before the record that the scanner holds. */
  private long left;

  private long emptyLine;
  private boolean held;
  private boolean empty;

  CsvRows(String name, TextSource source, CsvFormat format) {
    this.name = name;
    this.source = source;
    this.scanner = new CsvScanner(name, source, format);
  }

  /**
   * The fields of the next record that is not an empty line; null at the end.
   *
   * @throws DataException if the record has a fault
   */
  @Nullable List<String> head() {
    List<String> record = sample();
    while (record != null && record.isEmpty()) {
      if (scanner.fault() != null) {
        throw new DataException(name + ": line " + scanner.line() + ": " + scanner.fault());
      }
      record = sample();
    }
    return record;
  }

  /** The fields of the next record: none of an empty line or a fault; null at the end. */
  @Nullable List<String> sample() {
    if (!advance()) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    if (!scanner.blank() && scanner.fault() == null) {
      for (int i = 0; i < scanner.fields(); i++) {
        texts.add(scanner.text(i));
      }
    }
    return texts;
  }

  /** Moves to the next record; Excel's line about the separator is none. */
  private boolean advance() {
    boolean found = scanner.next();
    boolean excel =
        found
            && scanner.line() == 1
            && scanner.fields() == 2
            && scanner.text(0).equals("sep=")
            && scanner.text(1).isEmpty();
    return excel ? scanner.next() : found;
  }

  /**
   * Says how the rows that follow are to be.
   *
   * @param emptyRows whether empty lines between records are rows
   */
  CsvRows expect(CsvShape shape, boolean emptyRows, BadRows policy) {
    header = shape.header();
    fields = shape.fields();
    first = shape.first();
    empties = emptyRows;
    badRows = policy;
    return this;
  }

  @Override
  public boolean next() {
    if (left > 0) {
      left--;
      emptyLine++;
      empty = true;
      return true;
    }
    empty = false;
    if (held) {
      held = false;
      return true;
    }
    long count = 0;
    long line = 0;
    while (advance()) {
      if (scanner.blank()) {
        line = count == 0 ? scanner.line() : line;
        count++;
        continue;
      }
      boolean good = isGood();
      if (empties && count > 0) {
        held = good;
        left = count;
        emptyLine = line - 1;
        return next();
      }
      if (good) {
        return true;
      }
    }
    return false;
  }

  private boolean isGood() {
    String reason = scanner.fault();
    if (reason == null) {
      if (scanner.fields() == fields) {
        return true;
      }
      reason = wrongLength();
    }
    badRows.add(name, "line " + scanner.line(), reason);
    return false;
  }

  private String wrongLength() {
    int given = scanner.fields();
    String reason =
        "number of fields: expected "
            + fields
            + (header ? ", as in the header, given " : ", as in the first line, given ")
            + given;
    if (given < fields && scanner.cut()) {
      return reason + "; the file ends there, without a line end: was it cut off?";
    }
    for (int i = 0; i < given; i++) {
      if (scanner.quoted(i) && scanner.text(i).indexOf('\n') >= 0) {
        return reason + "; is a quotation mark not closed?";
      }
    }
    return given == fields + 1 && scanner.text(fields).isEmpty()
        ? reason + ", of which the last is empty; is there a separator at the end of the line?"
        : reason;
  }

  /** Whether the row is an empty line. */
  boolean empty() {
    return empty;
  }

  @Override
  public String get(int column) {
    return empty ? "" : scanner.text(first + column);
  }

  @Override
  public double number(int column, Numerals numerals) {
    return empty ? Double.NaN : scanner.number(first + column, numerals);
  }

  @Override
  public long line() {
    return empty ? emptyLine : scanner.line();
  }

  @Override
  public String place() {
    return "line " + line();
  }

  @Override
  public double done() {
    return source.done();
  }

  @Override
  public void close() {
    source.close();
  }
}
