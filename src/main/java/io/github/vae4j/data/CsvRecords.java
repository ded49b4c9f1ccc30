// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;

/** The records of a text file, one after the other; empty lines are none. */
final class CsvRecords implements AutoCloseable {
  private static final int MOST_CHARACTERS = 1 << 20;

  private final String name;
  private final NamedInput input;
  private final CsvReader<Fields> reader;
  private final Iterator<Fields> iterator;
  private final Fields fields = new Fields();

  private CsvRecords(String name, NamedInput input, char separator, char quote, Charset charset) {
    this.name = name;
    this.input = input;
    this.reader =
        CsvReader.builder()
            .fieldSeparator(separator)
            .quoteCharacter(quote)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .skipEmptyLines(true)
            .detectBomHeader(true)
            .maxBufferSize(MOST_CHARACTERS)
            .build(fields, input.stream(), charset);
    this.iterator = reader.iterator();
  }

  static CsvRecords open(String name, Path file, char separator, TableOptions options) {
    Character quote = options.quote();
    Charset charset = options.charset();
    return new CsvRecords(
        name,
        NamedInput.open(file),
        separator,
        quote == null ? '"' : quote,
        charset == null ? StandardCharsets.UTF_8 : charset);
  }

  boolean next() {
    try {
      if (!iterator.hasNext()) {
        return false;
      }
      iterator.next();
      return true;
    } catch (CsvParseException e) {
      throw new DataException(name + ": is not a table: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw DataException.reading(name, e);
    }
  }

  int fields() {
    return fields.count;
  }

  String text(int field) {
    int from = field == 0 ? 0 : fields.ends[field - 1];
    return new String(fields.text, from, fields.ends[field] - from);
  }

  double number(int field, Numerals numerals) {
    int from = field == 0 ? 0 : fields.ends[field - 1];
    return numerals.parse(fields.text, from, fields.ends[field]);
  }

  long line() {
    return fields.line();
  }

  double done() {
    return Double.NaN;
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw DataException.reading(name, e);
    } finally {
      input.close();
    }
  }

  /** The fields of a record, without the blanks around them, one after the other. */
  private static final class Fields extends AbstractBaseCsvCallbackHandler<Fields> {
    char[] text = new char[256];
    int[] ends = new int[16];
    int count;

    @Override
    protected void handleBegin(long line) {
      count = 0;
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
      int from = offset;
      int to = offset + length;
      while (from < to && Blanks.is(buffer[from])) {
        from++;
      }
      while (to > from && Blanks.is(buffer[to - 1])) {
        to--;
      }
      int at = count == 0 ? 0 : ends[count - 1];
      int end = at + to - from;
      if (end > text.length) {
        text = Arrays.copyOf(text, Math.max(end, 2 * text.length));
      }
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, 2 * count);
      }
      System.arraycopy(buffer, from, text, at, to - from);
      ends[count++] = end;
    }

    long line() {
      return getStartingLineNumber();
    }

    @Override
    protected Fields buildRecord() {
      return this;
    }
  }
}
