// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.Table;
import io.github.vae4j.schema.EncodedTable;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.SchemaRequest;
import io.github.vae4j.schema.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tables in files, their schemas and their encoded rows. */
final class EncodedFiles {
  private EncodedFiles() {}

  static Path write(Path file, String header, List<String> rows) {
    try {
      return Files.writeString(file, header + String.join("", rows));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Schema infer(Path file) {
    return Tables.infer(file, SchemaRequest.NONE);
  }

  static DataSet encoded(Features features, Path file) {
    try (Table table = Tables.open(file, Reading.DEFAULTS)) {
      return EncodedTable.read(features, table, Absent.MISSING, BadRows.fail(), share -> {}).set();
    }
  }
}
