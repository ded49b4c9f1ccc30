// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntFunction;

/** Tables for tests. */
public final class Tables {
  private Tables() {}

  /** A file of rows. */
  static Path write(Path folder, String header, int rows, IntFunction<String> row) {
    StringBuilder text = new StringBuilder(header).append('\n');
    for (int i = 0; i < rows; i++) {
      text.append(row.apply(i)).append('\n');
    }
    try {
      return Files.writeString(folder.resolve("table.csv"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The schema of a file. */
  static Schema infer(Path file, Map<String, String> kinds) {
    return infer(file, new SchemaRequest(kinds, Reading.DEFAULTS));
  }

  /** The schema of a file, with the kinds and the reading of a request. */
  public static Schema infer(Path file, SchemaRequest request) {
    try (Table table = open(file, request.reading())) {
      return SchemaInference.infer(table, request, BadRows.fail(), share -> {});
    }
  }

  /** The kind of the only column of a file. */
  static Kind kind(Path folder, String name, int rows, IntFunction<String> row) {
    Path file = write(folder, name + ",x", rows, i -> row.apply(i) + "," + (i * 7 % 11) / 4.0);
    return infer(file, Map.of()).columns().get(0).kind();
  }

  /** A file as a table. */
  public static Table open(Path file, Reading reading) {
    return Table.open(file.toString(), reading.options());
  }
}
