// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.data.Numerals;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.MissingTexts;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.Scaling;
import io.github.vae4j.schema.Scaling.Rule;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.SchemaDraft;
import io.github.vae4j.schema.TimeFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code schema.json}: all kinds come back, and impossible values are named. */
final class SchemaJsonTest {
  private static final Scaling KNOTS =
      new Scaling(Rule.ROBUST, 0, 0, 3, List.of(1.0, 2.5), List.of(-0.5, 0.5));

  static final Schema ALL =
      new Schema(
          List.of(
              new Column("a", new Kind.Numeric(Scaling.NONE, -1, 2.5, 0.01, 2), 0.25, "a remark"),
              new Column("b", new Kind.Numeric(KNOTS, 0, 9, 0, -1), 0, ""),
              new Column("c", new Kind.Numeric(new Scaling(Rule.LOG, 2, 1, 3), 0, 9, 1, 0), 0, ""),
              new Column("d", new Kind.Count(9), 0, ""),
              new Column("e", new Kind.Binary("no", "yes"), 0, ""),
              new Column(
                  "f", new Kind.Categorical(List.of("x", "\u00fc"), List.of("z"), true), 0, ""),
              new Column(
                  "g",
                  new Kind.Datetime(
                      new TimeFormat("dd.MM.yyyy"),
                      Scaling.NONE,
                      0,
                      86400,
                      false,
                      true,
                      86400,
                      true),
                  0,
                  ""),
              new Column("h", new Kind.Out(Kind.Reason.TEXT), 0, ""),
              new Column("i", new Kind.Label(List.of("0", "1")), 0, ""),
              new Column("j", new Kind.Weight(), 0, ""),
              new Column("k", new Kind.Condition(new Kind.Count(3)), 0, "")),
          new Reading(
              ';',
              '\'',
              TableOptions.Header.NO,
              "windows-1252",
              new Numerals(',', '.', true),
              new MissingTexts(List.of("-999"))));

  @TempDir Path folder = Path.of("");

  private Path write(String text) throws Exception {
    return Files.writeString(folder.resolve("schema.json"), text);
  }

  @Test
  void everyKindComesBack() {
    Path file = folder.resolve("schema.json");
    SchemaJson.write(file, ALL);
    SchemaDraft read = SchemaJson.read(file);
    assertTrue(read.isComplete());
    assertEquals(ALL, read.schema());
  }

  @Test
  void aKindAloneIsToBeInferred() throws Exception {
    Path file =
        write(
            """
            {"format": 1, "columns": [
              {"name": "zip", "kind": "categorical:50", "missing": 0.5, "remark": "old"},
              {"name": "id", "kind": "out"},
              {"name": "amount", "kind": "numeric:log"}]}
            """);
    SchemaDraft draft = SchemaJson.read(file);
    assertEquals(Map.of("zip", "categorical:50", "amount", "numeric:log"), draft.asked());
    assertEquals(List.of("zip", "id", "amount"), draft.order());
    assertEquals(new Kind.Out(Kind.Reason.CHOICE), draft.columns().get(0).kind());
    assertEquals(Reading.DEFAULTS, draft.reading());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"name\": \"a\", \"kind\": \"real\"} | columns[0].kind: kind: expected one of numeric",
        "{\"name\": \"a\", \"kind\": \"count\", \"most\": 3} | columns[0].most: unknown key",
        "{\"kind\": \"count\"} | columns[0].name: missing",
        "{\"name\": \"a\", \"kind\": \"binary\", \"zero\": \"x\", \"one\": \"x\"} |"
            + " columns[0].one: expected another text than zero",
        "{\"name\": \"a\", \"kind\": \"label\", \"classes\": 3} | columns[0].classes: expected [...]",
        "{\"name\": \"a\", \"kind\": \"out\", \"reason\": \"why\"} | columns[0].reason: expected one of id",
        "{\"name\": \"a\", \"kind\": \"count\", \"greatest\": 3, \"missing\": 2} |"
            + " columns[0].missing: expected a number from 0 to 1"
      })
  void impossibleValuesAreNamed(String column, String problem) throws Exception {
    Path file = write("{\"format\": 1, \"columns\": [" + column + "]}");
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> SchemaJson.read(file));
    assertTrue(
        String.valueOf(refused.getMessage()).contains(problem), () -> refused.getMessage() + "");
  }

  @Test
  void twoColumnsOfOneNameAndOtherFormatsAreRefused() throws Exception {
    Path twice =
        write(
            "{\"format\": 1, \"columns\": [{\"name\": \"a\", \"kind\": \"out\"},"
                + " {\"name\": \"a\", \"kind\": \"out\"}]}");
    assertTrue(
        String.valueOf(
                assertThrows(CheckpointException.class, () -> SchemaJson.read(twice)).getMessage())
            .contains("columns[1].name: \"a\" is the name of two columns"));
    Path newer = write("{\"format\": 2, \"columns\": []}");
    assertTrue(
        String.valueOf(
                assertThrows(CheckpointException.class, () -> SchemaJson.read(newer)).getMessage())
            .contains("format: expected 1, given 2; a newer vae4j wrote this file"));
    Path header = write("{\"format\": 1, \"columns\": [], \"reading\": {\"decimal\": \"ab\"}}");
    assertTrue(
        String.valueOf(
                assertThrows(CheckpointException.class, () -> SchemaJson.read(header)).getMessage())
            .contains("reading.decimal: expected one character"));
  }
}
