// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadRowsTest {
  private static final String FIELDS = "number of fields: expected 2, as in the header, given ";
  private static final String STRAY =
      "\" after its closing quotation mark; is a mark not closed? a mark within a field is written"
          + " twice";
  private static final String NOT_CLOSED =
      "a quotation mark is not closed until the end of the file: close it, or get the file again"
          + " if it was cut off";

  @TempDir Path folder;

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("table.csv"), text).toString();
  }

  /**
   * That the row at a line is refused with a reason, or left out, in the middle of a table whose
   * rows are {@code 1,2} and {@code 3,4}.
   */
  private void assertBad(String row, int line, String reason) throws IOException {
    String table = file("a,b\n1,2\n" + row + "3,4\n");
    assertEquals(
        table + ": line " + line + ": " + reason,
        assertThrows(DataException.class, () -> Tables.read(table, TableOptions.defaults()))
            .getMessage());
    BadRows bad = BadRows.skip();
    List<?> rows = Tables.read(table, TableOptions.defaults().withBadRows(bad));
    assertEquals(2, rows.size(), rows.toString());
    assertTrue(rows.toString().startsWith("[[line 2, 1, 2], "), rows.toString());
    assertTrue(rows.toString().endsWith(", 3, 4]]"), rows.toString());
    assertEquals(1, bad.count());
    assertEquals(List.of(new BadRows.Entry(table, "line " + line, reason)), bad.entries());
  }

  @Test
  void anotherNumberOfFields() throws IOException {
    assertBad("1\n", 3, FIELDS + "1");
    assertBad("\n1,2,3\n\n", 4, FIELDS + "3");
    assertBad(
        "1,2,\n",
        3,
        FIELDS + "3, of which the last is empty; is there a separator at the end of the line?");
    assertBad("\"1\n2\",3,4\n", 3, FIELDS + "3; is a quotation mark not closed?");
    assertBad("\"\"\n", 3, FIELDS + "1");
  }

  @Test
  void withoutAHeader() throws IOException {
    String table = file("1,2\n3\n4,5\n");
    TableOptions options = TableOptions.defaults().withHeader(TableOptions.Header.NO);
    Failures.assertDataError(
        () -> Tables.read(table, options),
        table + ": line 2: number of fields: expected 2, as in the first line, given 1");
  }

  @Test
  void textAfterAQuotedField() throws IOException {
    assertBad("\"5\" pipe\",2\n", 3, "field 1 has the text \"p" + STRAY);
    assertBad("1,\"x\"y\"\n", 3, "field 2 has the text \"y" + STRAY);
    assertBad("1,\"say \\\"no\\\"\"\n", 3, "field 2 has the text \"n" + STRAY);
    // The mark that is not closed takes the next line up to the next mark.
    assertBad(
        "\"x,2\n\"y\",2\n",
        3,
        "field 1 has the text \"y\" after its closing quotation mark in line 4; is a mark not"
            + " closed? a mark within a field is written twice");
  }

  @Test
  void theEndOfTheFile() throws IOException {
    for (String end : List.of("5", "\"5\"")) {
      String table = file("a,b\n1,2\n" + end);
      BadRows bad = BadRows.skip();
      assertEquals(1, Tables.read(table, TableOptions.defaults().withBadRows(bad)).size());
      assertEquals(
          table
              + ": line 3: "
              + FIELDS
              + "1; the file ends there, without a line end: was it cut off?",
          bad.entries().get(0).toString());
    }
    for (String end : List.of("5,\"x", "5,\"x\n", "\"", "\"5,6\r\n")) {
      String table = file("a,b\n1,2\n" + end);
      BadRows bad = BadRows.skip();
      assertEquals(1, Tables.read(table, TableOptions.defaults().withBadRows(bad)).size());
      assertEquals(table + ": line 3: " + NOT_CLOSED, bad.entries().get(0).toString());
    }
  }

  /** Rows that a mark has swallowed are no single bad row. */
  @ParameterizedTest
  @ValueSource(strings = {"5,\"x\n7,8", "5,\"x\n7,8\n", "\"\n\n"})
  void aMarkThatTakesTheRestOfTheFile(String end) throws IOException {
    String table = file("a,b\n1,2\n" + end);
    TableOptions options = TableOptions.defaults().withBadRows(BadRows.skip());
    assertEquals(
        table + ": line 3: " + NOT_CLOSED,
        assertThrows(DataException.class, () -> Tables.read(table, options)).getMessage());
  }

  @Test
  void theHeaderIsNoRow() throws IOException {
    String table = file("\"a\"x,b\n1,2\n");
    TableOptions options = TableOptions.defaults().withBadRows(BadRows.skip());
    assertEquals(
        table + ": line 1: field 1 has the text \"x" + STRAY,
        assertThrows(DataException.class, () -> Table.open(table, options)).getMessage());
  }

  @Test
  void aThousandAreListed() throws IOException {
    String table = file("a,b\n1,2\n" + "1,2\n".repeat(999) + "1\n".repeat(1500));
    BadRows bad = BadRows.skip();
    try (Table open = Table.open(table, TableOptions.defaults())) {
      try (TableRows rows = open.rows(bad)) {
        int count = 0;
        while (rows.next()) {
          count++;
        }
        assertEquals(1000, count);
      }
      assertEquals(1500, bad.count());
      assertEquals(1000, bad.entries().size());
      assertEquals("line 2001", bad.entries().get(999).place());
      assertTrue(bad.skips());
      assertFalse(BadRows.fail().skips());
      // The policy of the options is another one.
      assertThrows(DataException.class, () -> Tables.rows(open));
    }
  }
}
