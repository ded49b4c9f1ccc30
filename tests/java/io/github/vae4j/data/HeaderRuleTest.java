// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRuleTest {
  private static final String ROW =
      ") looks like a row; its columns are named column1, column2, ...; give TableOptions.header yes if these"
          + " are the names";
  private static final String NAMES =
      ") is taken as the header; give TableOptions.header no if it is a row";

  @TempDir Path folder;

  private Table table(String text, TableOptions.Header header) throws IOException {
    Path file = Files.writeString(folder.resolve("table.csv"), text);
    return Table.open(file.toString(), TableOptions.defaults().withHeader(header));
  }

  private void assertHeader(String text, String names, String... remarks) throws IOException {
    try (Table table = table(text, TableOptions.Header.AUTO)) {
      assertEquals(names, String.join(" ", table.columns()));
      assertEquals(
          List.of(remarks),
          table.remarks().stream().map(s -> s.substring(table.name().length() + 2)).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b\n",
        "a,b\n1,2\n",
        "a,b\nx,y\nx,y\n",
        // Each name stands again below, but nothing is a value.
        "a,b\na,b\na,b\n",
        "2019,2020,2021\n1,2,3\n",
        "0,1,2,3\n5,6,7,8\n",
        // Numbers as names beside texts, as a pivot table has.
        "country,2019,2020\nDE,5,6\nFR,7,8\n",
        "sku,1,2\nA1,5,6\nA2,7,8\n",
        "x1,x2\n1,2\n",
      })
  void namesWithoutARemark(String text) throws IOException {
    assertHeader(text, text.substring(0, text.indexOf('\n')).replace(',', ' '));
  }

  @Test
  void rows() throws IOException {
    String two = "column1 column2";
    String three = "column1 column2 column3";
    assertHeader("1,2\n3,4\n", two, "has no header, as its first line (1, 2" + ROW);
    assertHeader("1.5,NA\n3,4\n", two, "has no header, as its first line (1.5, NA" + ROW);
    assertHeader(
        "2024-01-01T10:00:00Z,-3 %\n",
        two, "has no header, as its first line (2024-01-01T10:00:00Z, -3 %" + ROW);
    assertHeader("1\n2\n", "column1", "has no header, as its first line (1" + ROW);
    assertHeader("0,1\n1,0\n", two, "has no header, as its first line (0, 1" + ROW);
    assertHeader(
        "EUR,2024-01-01,5\nUSD,2024-01-02,6\nEUR,2024-01-03,7\n",
        three,
        "has no header, as its first line (EUR, 2024-01-01, 5" + ROW);
    assertHeader(
        "T001,12.50,\nT002,13,x\n", three, "has no header, as its first line (T001, 12.50, " + ROW);
    assertHeader(
        "a,1,2,3,4,5\na,2,3,4,5,6\n",
        three + " column4 column5 column6",
        "has no header, as its first line (a, 1, 2, 3, 4, ..." + ROW);
  }

  @Test
  void doubtfulNames() throws IOException {
    assertHeader("Alice,12.5\nBob,13\n", "Alice 12.5", "its first line (Alice, 12.5" + NAMES);
    assertHeader(
        "q,0.25,0.5\nx,1,2\ny,3,4\n", "q 0.25 0.5", "its first line (q, 0.25, 0.5" + NAMES);
  }

  @Test
  void theWishDecides() throws IOException {
    try (Table table = table("1,2\n3,4\n", TableOptions.Header.YES)) {
      assertEquals(List.of("1", "2"), table.columns());
      assertEquals("[[line 2, 3, 4]]", Tables.rows(table).toString());
      assertEquals(List.of(), table.remarks());
    }
    try (Table table = table("a,b\n3,4\n", TableOptions.Header.NO)) {
      assertEquals(List.of("column1", "column2"), table.columns());
      assertEquals("[[line 1, a, b], [line 2, 3, 4]]", Tables.rows(table).toString());
      assertEquals(List.of(), table.remarks());
    }
    try (Table table = table("sep=;\n3;4\n", TableOptions.Header.NO)) {
      assertEquals("[[line 2, 3, 4]]", Tables.rows(table).toString());
    }
  }
}
