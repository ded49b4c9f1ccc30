// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A text file with a row on each line. */
final class CsvFile implements Table {
  /** The characters by which the format of a file is found. */
  static final int SAMPLE_CHARACTERS = 1 << 18;

  private static final int SAMPLE_ROWS = 200;
  private static final int SAMPLE_CELLS = 100_000;

  private final String name;
  private final Path file;
  private final TableOptions options;
  private final CsvFormat format;
  private final CsvShape shape;

  private CsvFile(String name, Path file, TableOptions options, CsvFormat format, CsvShape shape) {
    this.name = name;
    this.file = file;
    this.options = options;
    this.format = format;
    this.shape = shape;
  }

  static CsvFile open(String name, Path file, TableOptions options) {
    NamedInput.requireFile(file);
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          name + ": is a pipe or a device, which can be read once: save it as a file");
    }
    try (TextSource source = TextSource.open(name, file, options.charset())) {
      char[] sample = source.peek(SAMPLE_CHARACTERS);
      boolean whole = sample.length < SAMPLE_CHARACTERS;
      CsvFormat format = CsvFormat.of(name, sample, whole, options.separator(), options.quote());
      CsvRows records = new CsvRows(name, source, format);
      List<String> top = records.head();
      if (top == null) {
        throw new DataException(name + ": is empty: expected a header, then rows");
      }
      List<List<String>> rows = new ArrayList<>();
      int most = Math.max(1, Math.min(SAMPLE_ROWS, SAMPLE_CELLS / top.size()));
      for (int i = 0; i < most; i++) {
        List<String> row = records.sample();
        if (row == null) {
          break;
        }
        if (!row.isEmpty()) {
          rows.add(row);
        }
      }
      return new CsvFile(
          name, file, options, format, CsvShape.of(name, options.header(), top, rows));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> columns() {
    return shape.columns();
  }

  @Override
  public TableRows rows() {
    return rows(options.badRows());
  }

  @Override
  public TableRows rows(BadRows badRows) {
    TextSource source = TextSource.open(name, file, options.charset());
    try {
      source.readAhead();
      CsvRows rows = new CsvRows(name, source, format);
      if (shape.header()) {
        rows.head();
      }
      return rows.expect(shape, shape.fields() == 1, badRows);
    } catch (DataException e) {
      source.close();
      throw e;
    }
  }

  @Override
  public List<String> remarks() {
    return shape.remarks();
  }

  @Override
  public void close() {}
}
