// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.SanitizedLibrary;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows of texts, which native/tests/schema.cpp and Java encode.
 *
 * @param folder of the test
 * @param sanitized library with the program
 */
record NativeRows(Path folder, SanitizedLibrary sanitized) {
  private static final Pattern COLUMN = Pattern.compile("column \"([^\"]*)\"");

  /** The lines of the program's output. */
  List<String> run(String... arguments) throws Exception {
    return sanitized.run(folder, "schema", List.of(arguments)).lines().toList();
  }

  /** Both sides encode the rows of a table with these columns; none for those that are used. */
  void compare(Schema schema, List<List<String>> rows, List<String> columns) throws Exception {
    Path json = folder.resolve("schema.json");
    SchemaJson.write(json, schema);
    Path texts = folder.resolve("rows");
    Files.write(texts, bytes(rows));
    List<String> arguments = new ArrayList<>(List.of("encode", json.toString(), texts.toString()));
    if (!columns.isEmpty()) {
      arguments.add("missing");
      arguments.addAll(columns);
    }
    List<String> given = run(arguments.toArray(String[]::new));
    List<String> expected = encoded(schema, rows, columns);
    assertEquals(expected.size(), given.size(), () -> String.join("\n", given));
    int refused = 0;
    for (int i = 0; i < expected.size(); i++) {
      String own = given.get(i);
      String place = "row " + i + ": " + rows.get(i) + ": " + own;
      if (expected.get(i).startsWith("error: ")) {
        refused++;
        assertTrue(own.startsWith("error: column \""), () -> expected + place);
        assertEquals(column(expected.get(i)), column(own), place);
      } else {
        assertEquals(expected.get(i), own, place);
      }
    }
    assertTrue(refused < rows.size(), "all rows are refused");
  }

  private static String column(String message) {
    Matcher column = COLUMN.matcher(message);
    assertTrue(column.find(), message);
    return column.group(1);
  }

  /** A missing value is NULL in some rows, and an empty text in others. */
  private static byte[] bytes(List<List<String>> rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (List<String> row : rows) {
      for (String text : row) {
        if (text.isEmpty() && row.hashCode() % 2 == 0) {
          bytes.write('N');
        } else {
          bytes.writeBytes(("T" + text + "\0").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return bytes.toByteArray();
  }

  private List<String> encoded(Schema schema, List<List<String>> rows, List<String> columns)
      throws IOException {
    List<String> names =
        columns.isEmpty()
            ? schema.columns().stream()
                .filter(column -> Schema.isUsed(column.kind()))
                .map(Column::name)
                .toList()
            : columns;
    StringBuilder csv = new StringBuilder();
    for (List<String> row : Stream.concat(Stream.of(names), rows.stream()).toList()) {
      csv.append(
          row.stream()
              .map(text -> '"' + text.replace("\"", "\"\"") + '"')
              .collect(Collectors.joining(",", "", "\n")));
    }
    Path file = folder.resolve("rows.csv");
    Files.writeString(file, csv);
    TableOptions options =
        TableOptions.defaults()
            .withSeparator(',')
            .withQuote('"')
            .withHeader(TableOptions.Header.YES)
            .withCharset(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    try (Table table = Table.open(file.toString(), options);
        TableRows pass = table.rows()) {
      RowEncoder encoder =
          new RowEncoder(
              new Features(schema),
              table,
              columns.isEmpty() ? RowEncoder.Absent.REFUSE : RowEncoder.Absent.MISSING);
      while (pass.next()) {
        BadRows bad = BadRows.skip();
        RowBuffer.Note note = encoder.encode(pass, bad);
        lines.add(note == null ? "error: " + bad.entries().get(0) : bits(encoder, note));
      }
    }
    return lines;
  }

  private static String bits(RowEncoder encoder, RowBuffer.Note note) {
    StringBuilder bits = new StringBuilder();
    float[] values = encoder.values();
    for (float value : values) {
      bits.append(Integer.toHexString(Float.floatToIntBits(value))).append(' ');
    }
    for (float value : values) {
      bits.append(Float.isNaN(value) ? "0 " : "3f800000 ");
    }
    for (float value : encoder.given()) {
      bits.append(Integer.toHexString(Float.floatToIntBits(value))).append(' ');
    }
    return bits + hex(note.logJacobian());
  }

  static String hex(double value) {
    return Long.toHexString(Double.doubleToLongBits(value));
  }
}
