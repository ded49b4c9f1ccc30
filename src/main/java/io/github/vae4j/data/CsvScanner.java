// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The records of a text, one after the other (RFC 4180; a line may end with LF, CR LF or CR). A
 * record stays in the buffer while it is the present one, so that its fields are parts of it. A
 * record with a fault does not end the reading: the next one begins on the line after the fault.
 */
final class CsvScanner {
  /** The most characters of a field. */
  static final int MOST_CHARACTERS = 1 << 20;

  /** The most fields of a record. */
  static final int MOST_FIELDS = 1 << 20;

  private static final int BUFFER_CHARACTERS = 1 << 16;

  private final String name;
  private final Characters source;
  private final char separator;
  private final char quote;

  private char[] buffer = new char[BUFFER_CHARACTERS];

  /** The place of the record, of the next character to read, and of the end of the characters. */
  private int begin;

  private int at;
  private int limit;

  /** Fields of the record, relative to its begin, so that the buffer can move. */
  private int[] starts = new int[16];

  private int[] ends = new int[16];
  private boolean[] quoted = new boolean[16];
  private int count;

  private long line = 1;
  private long nextLine = 1;
  private boolean afterReturn;
  private boolean ended;
  private @Nullable String fault;

  CsvScanner(String name, Characters source, CsvFormat format) {
    this.name = name;
    this.source = source;
    this.separator = format.separator();
    this.quote = format.quote();
  }

  /** Moves to the next record, which may be an empty line; false at the end of the text. */
  boolean next() {
    begin = at;
    count = 0;
    fault = null;
    if (at == limit && !fill()) {
      return false;
    }
    if (afterReturn) {
      afterReturn = false;
      if (buffer[at] == '\n') {
        begin = ++at;
        if (at == limit && !fill()) {
          return false;
        }
      }
    }
    line = nextLine;
    while (field()) {
      at++;
    }
    return true;
  }

  /** The number of fields. */
  int fields() {
    return count;
  }

  /** The fault of the record; null if it has none. */
  @Nullable String fault() {
    return fault;
  }

  /** Whether the record is an empty line, or has blanks only. */
  boolean blank() {
    return count == 1 && !quoted[0] && starts[0] == ends[0] && fault == null;
  }

  /** Whether the text ends with this record. */
  boolean atEnd() {
    return at == limit && !fill();
  }

  /** Whether the text ends with this record, without a line end. */
  boolean cut() {
    return atEnd() && at > begin && buffer[at - 1] != '\n' && buffer[at - 1] != '\r';
  }

  /** The line on which the record begins, from 1. */
  long line() {
    return line;
  }

  boolean quoted(int field) {
    return quoted[field];
  }

  String text(int field) {
    return new String(buffer, begin + starts[field], ends[field] - starts[field]);
  }

  double number(int field, Numerals numerals) {
    return numerals.parse(buffer, begin + starts[field], begin + ends[field]);
  }

  /** Reads a field and stays at the character that ends it; whether that is a separator. */
  private boolean field() {
    if ((at < limit || fill()) && buffer[at] != quote && Blanks.is(buffer[at])) {
      skipBlanks();
    }
    return (at < limit && buffer[at] == quote) ? quotedField() : plainField();
  }

  private void skipBlanks() {
    while (at < limit || fill()) {
      char c = buffer[at];
      if (!Blanks.is(c) || c == separator || c == '\n' || c == '\r') {
        return;
      }
      at++;
    }
  }

  private boolean plainField() {
    int from = at - begin;
    char mark = separator;
    int high = Math.max(mark, '\r');
    while (true) {
      char[] text = buffer;
      int end = limit;
      int i = at;
      while (i < end) {
        char c = text[i];
        if (c <= high && (c == mark || c == '\n' || c == '\r')) {
          break;
        }
        i++;
      }
      at = i;
      if (i < end) {
        break;
      }
      requireLength(i - begin - from, nextLine);
      if (!fill()) {
        break;
      }
    }
    add(from, at - begin, false);
    return endsWithSeparator();
  }

  private boolean quotedField() {
    long opened = nextLine;
    int from = at + 1 - begin;
    int to = from;
    boolean closed = false;
    char before = 0;
    at++;
    while (!closed && (at < limit || fill())) {
      char c = buffer[at++];
      if (c == quote) {
        if ((at < limit || fill()) && buffer[at] == quote) {
          at++;
        } else {
          closed = true;
          continue;
        }
      } else if (c == '\n' ? before != '\r' : c == '\r') {
        nextLine++;
      }
      buffer[begin + to++] = c;
      before = c;
      if (at == limit) {
        requireLength(to - from, opened);
      }
    }
    if (!closed) {
      boolean lineEnd = before == '\n' || before == '\r';
      notClosed(opened, nextLine - opened > (lineEnd ? 1 : 0));
      return false;
    }
    add(from, to, true);
    skipBlanks();
    if (at < limit && buffer[at] != separator && buffer[at] != '\n' && buffer[at] != '\r') {
      stray(opened);
    }
    return endsWithSeparator();
  }

  /** A field that only the end of the text closes; one that takes further lines is no bad row. */
  private void notClosed(long opened, boolean lines) {
    String reason =
        "a quotation mark is not closed until the end of the file: close it, or get the file again"
            + " if it was cut off";
    if (lines) {
      throw new DataException(name + ": line " + opened + ": " + reason);
    }
    fault = reason;
  }

  /** Leaves out the rest of the line after a quoted field with text behind it. */
  private void stray(long opened) {
    fault =
        "field "
            + count
            + " has the text \""
            + Excerpt.of(String.valueOf(buffer[at]))
            + "\" after its closing quotation mark"
            + (nextLine == opened ? "" : " in line " + nextLine)
            + "; is a mark not closed? a mark within a field is written twice";
    count = 0;
    while (at < limit || fill()) {
      if (buffer[at] == '\n' || buffer[at] == '\r') {
        return;
      }
      at++;
      begin = at;
    }
  }

  /** At the character after a field: whether it is a separator; a line end is passed. */
  private boolean endsWithSeparator() {
    if (at == limit) {
      return false;
    }
    char c = buffer[at];
    if (c == separator && fault == null) {
      return true;
    }
    at++;
    nextLine++;
    afterReturn = c == '\r';
    return false;
  }

  /** Adds a field without the blanks around it. */
  private void add(int from, int to, boolean inQuotes) {
    requireLength(to - from, line);
    int low = begin + from;
    int high = begin + to;
    while (low < high && Blanks.is(buffer[low])) {
      low++;
    }
    while (high > low && Blanks.is(buffer[high - 1])) {
      high--;
    }
    if (count == starts.length) {
      if (count >= MOST_FIELDS) {
        throw new DataException(
            name
                + ": line "
                + line
                + ": has more than "
                + MOST_FIELDS
                + " fields, the most that can be read; is the separator another one?");
      }
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
      quoted = Arrays.copyOf(quoted, 2 * count);
    }
    starts[count] = low - begin;
    ends[count] = high - begin;
    quoted[count++] = inQuotes;
  }

  private void requireLength(int characters, long opened) {
    if (characters > MOST_CHARACTERS) {
      throw new DataException(
          name
              + ": line "
              + opened
              + ": field "
              + (count + 1)
              + " has more than "
              + MOST_CHARACTERS
              + " characters, the most that can be read: is a quotation mark not closed, or the"
              + " separator another one?");
    }
  }

  /** Reads more characters behind the others; false at the end of the text. */
  private boolean fill() {
    if (ended) {
      return false;
    }
    if (limit == buffer.length) {
      int length = limit - begin;
      char[] target = length > buffer.length / 2 ? Heap.characters(name, 2L * length) : buffer;
      System.arraycopy(buffer, begin, target, 0, length);
      buffer = target;
      at -= begin;
      begin = 0;
      limit = length;
    }
    int got = source.read(buffer, limit, buffer.length - limit, nextLine);
    ended = got < 0;
    limit += Math.max(got, 0);
    return !ended;
  }
}
