// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.vae4j.Thrown;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
  @TempDir Path folder;

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("table.csv"), text).toString();
  }

  private void assertRows(String text, String rows) throws IOException {
    assertRows(text, TableOptions.defaults(), rows);
  }

  /** The rows as {@code line 2: a, b; line 3: c, d}. */
  private void assertRows(String text, TableOptions options, String rows) throws IOException {
    assertEquals(rows, shown(Tables.read(file(text), options)));
  }

  private static String shown(List<List<@Nullable String>> rows) {
    return rows.stream()
        .map(
            row ->
                row.get(0)
                    + ": "
                    + row.stream().skip(1).map(String::valueOf).collect(joining(", ")))
        .collect(joining("; "));
  }

  private List<String> columns(String text, TableOptions options) throws IOException {
    try (Table table = Table.open(file(text), options)) {
      return table.columns();
    }
  }

  private void assertMessage(String text, String message) throws IOException {
    String table = file(text);
    assertEquals(
        table + ": " + message,
        assertThrows(DataException.class, () -> Tables.read(table, TableOptions.defaults()))
            .getMessage());
  }

  @Test
  void specifications() {
    for (String spec : List.of("a.csv", "A.CSV", "x/a.tsv", "a.txt", "a.csv.gz", "a.tsv.gz")) {
      assertTrue(Table.isTable(spec), spec);
    }
    for (String spec : List.of("", "csv", "a.npy", "mnist", "a.gz", "a.csv/", "a.csv.zip")) {
      assertFalse(Table.isTable(spec), spec);
    }
    Thrown.says(
        IllegalArgumentException.class,
        () -> Table.open("a.npy", TableOptions.defaults()),
        "expected FILE.csv",
        "a.npy");
  }

  @Test
  void textsAndTheirLines() throws IOException {
    assertRows("a,b\n1,x\n2,y\n", "line 2: 1, x; line 3: 2, y");
    assertRows("a,b\r\n1,x\r\n2,y", "line 2: 1, x; line 3: 2, y");
    assertRows("a,b\r1,x\r2,y\r", "line 2: 1, x; line 3: 2, y");
    assertRows("a,b\n\n1,x\n\n\n2,y\n\n", "line 3: 1, x; line 6: 2, y");
    assertRows("\n a , b\n   \n1,x\n", "line 4: 1, x");
    assertRows("a,b\n1,\n,2\n", "line 2: 1, ; line 3: , 2");
    assertRows(
        "a,b\n\"x\ny\",1\n\"x\r\ny\rz\",2\nq,3\n",
        "line 2: x\ny, 1; line 4: x\r\ny\rz, 2; line 7: q, 3");
    assertRows("a,b\n\"1,5\",\"say \"\"no\"\"\"\n", "line 2: 1,5, say \"no\"");
    assertRows("a,b\n\"\",\"\"\"\"\n", "line 2: , \"");
    assertRows("a,b\nx\"y,5\" pipe\n", "line 2: x\"y, 5\" pipe");
    assertRows("a, b\nx , \"y, z\" \n", "line 2: x, y, z");
    assertRows("a\tb\n x\t\"y\tz\" \n\t\n", "line 2: x, y\tz; line 3: , ");
  }

  @Test
  void noBreakSpacesAreBlanks() throws IOException {
    assertRows("a,b\n\u00A01\u00A0,\u202F2\u2007\n\uFEFF3, \u200A\n", "line 2: 1, 2; line 3: 3, ");
    assertRows("a,b\n1\u00A0234,x y\n", "line 2: 1\u00A0234, x y");
  }

  @Test
  void passesAreIndependent() throws IOException {
    try (Table table = Table.open(file("a,b\n1,2\n3,4\n"), TableOptions.defaults());
        TableRows one = table.rows();
        TableRows two = table.rows()) {
      assertTrue(one.next());
      assertTrue(one.next());
      assertTrue(two.next());
      assertEquals("3", one.get(0));
      assertEquals("1", two.get(0));
      assertEquals(2, two.line());
      assertFalse(one.next());
      assertFalse(one.next());
      assertEquals(1, one.done());
      assertEquals("line 2: 1, 2; line 3: 3, 4", shown(Tables.rows(table)));
    }
  }

  @Test
  void numbersWithoutTexts() throws IOException {
    String table = file("a;b;c\n1,5;-2e3;x\n;1.5; 7 \n");
    try (Table open = Table.open(table, TableOptions.defaults());
        TableRows rows = open.rows()) {
      assertTrue(rows.next());
      assertEquals(1.5, rows.number(0, Numerals.PLAIN.withDecimal(',')));
      assertEquals(Double.NaN, rows.number(0, Numerals.PLAIN));
      assertEquals(-2000, rows.number(1, Numerals.PLAIN));
      assertEquals(Double.NaN, rows.number(2, Numerals.PLAIN));
      assertTrue(rows.next());
      assertEquals(Double.NaN, rows.number(0, Numerals.PLAIN));
      assertEquals(7, rows.number(2, Numerals.PLAIN));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "'a,b\n1,2'#a b",
        "'a;b\n1,5;2'#a b",
        "'a;b,c\n1;2'#a b,c",
        "'a\tb c\n1\t2'#a b c",
        "'a|b\n1|2'#a b",
        "'a\n1\n2'#a",
        "'a b\n1 2'#a b",
        "'sep=;\na;b,c\n1;2,3'#a b,c",
        "'sep=|\r\na|b\r\n1|2'#a b",
        // One decimal comma in each field: by numbers; the comma of a text: by the first line.
        "'1,5;2,5\n3,5;4,5'#column1 column2",
        "'x;y\na,b;c\nd,e;f'#x y",
        "'x,y\na;b,c\nd;e,f'#x y",
        // A bad row among good ones.
        "'a;b\n1;2\n3,4\n1;2\n1;2\n1;2\n1;2'#a b",
      })
  void theSeparatorIsFound(String text, String names) throws IOException {
    TableOptions options = TableOptions.defaults().withBadRows(BadRows.skip());
    assertEquals(names, String.join(" ", columns(text, options)));
  }

  @Test
  void theSeparatorIsGiven() throws IOException {
    TableOptions options = TableOptions.defaults();
    assertEquals(List.of("a;b"), columns("a;b\n1;2\n", options.withSeparator(',')));
    assertEquals(List.of("a", "b"), columns("a b\n1 2\n", options.withSeparator(' ')));
    assertEquals(
        List.of("a,b", "c"), columns("'a,b',c\n1,2\n", options.withSeparator(',').withQuote('\'')));
    Thrown.says(
        IllegalArgumentException.class,
        () -> options.withSeparator('"').withQuote('"'),
        "separator");
    Thrown.says(IllegalArgumentException.class, () -> options.withQuote('\n'), "quote");
  }

  @Test
  void apostrophesAsQuotationMarks() throws IOException {
    assertRows("a,b\n'x, y',1\n'it''s',2\n", "line 2: x, y, 1; line 3: it's, 2");
    assertRows("a,b\n's-Gravenhage,1\n'tis,2\n", "line 2: 's-Gravenhage, 1; line 3: 'tis, 2");
    assertRows("a,b\n'x',1\n\"y\",2\n", "line 2: 'x', 1; line 3: y, 2");
  }

  @Test
  void namesOfColumns() throws IOException {
    assertMessage(
        "id,amount,x,amount\n1,2,3,4\n",
        "columns 2 and 4 are both named \"amount\"; give one of them another name");
    try (Table table = Table.open(file("a,,c\n1,2,3\n"), TableOptions.defaults())) {
      assertEquals(List.of("a", "column2", "c"), table.columns());
      assertEquals(
          List.of(table.name() + ": column 2 has no name, and is column2"), table.remarks());
    }
    assertMessage(
        ",column3,\n1,2,3\n",
        "columns 2 and 3 are both named \"column3\"; give one of them another name");
  }

  @Test
  void theIndexOfPandasIsLeftOut() throws IOException {
    String end =
        ", as the index of pandas, and is left out; if it is a column of the data, give it a";
    try (Table table = Table.open(file(",a,b\n0,1,2\n1,3,4\n"), TableOptions.defaults())) {
      assertEquals(List.of("a", "b"), table.columns());
      assertEquals("line 2: 1, 2; line 3: 3, 4", shown(Tables.rows(table)));
      assertEquals(
          List.of(table.name() + ": column 1 has no name" + end + " name"), table.remarks());
    }
    try (Table table = Table.open(file("Unnamed: 0,a\n0,1\n"), TableOptions.defaults())) {
      assertEquals(List.of("a"), table.columns());
      assertEquals(
          List.of(table.name() + ": column 1 has the name \"Unnamed: 0\"" + end + "nother name"),
          table.remarks());
    }
    assertMessage(
        ",a,a\n0,1,2\n", "columns 2 and 3 are both named \"a\"; give one of them another name");
  }

  @Test
  void theNamesOfRowsOfRAreLeftOut() throws IOException {
    assertMessage(
        "a,a\nr1,1,2\nr2,3,4\n",
        "columns 1 and 2 are both named \"a\"; give one of them another name");
    try (Table table = Table.open(file("a,b\nr1,1,2\nr2,3,4\n"), TableOptions.defaults())) {
      assertEquals(List.of("a", "b"), table.columns());
      assertEquals("line 2: 1, 2; line 3: 3, 4", shown(Tables.rows(table)));
      assertTrue(table.remarks().get(0).contains("as R writes the names of rows"));
    }
  }

  @Test
  void separatorsAtTheEndsOfLines() throws IOException {
    for (String header : List.of("a,b,", "a,b")) {
      try (Table table = Table.open(file(header + "\n1,2,\n3,4,\n"), TableOptions.defaults())) {
        assertEquals(List.of("a", "b"), table.columns());
        assertEquals("line 2: 1, 2; line 3: 3, 4", shown(Tables.rows(table)));
        assertEquals(List.of(), table.remarks());
      }
    }
  }

  @Test
  void emptyLinesOfOneColumnAreRows() throws IOException {
    assertRows("a\nx\n\n\ny\n\n", "line 2: x; line 3: ; line 4: ; line 5: y");
    assertRows("a\nx\n\"\"\n\n", "line 2: x; line 3: ");
    BadRows bad = BadRows.skip();
    assertRows(
        "a\nx\n\nx,y\n\n\nz\n",
        TableOptions.defaults().withBadRows(bad).withSeparator(','),
        "line 2: x; line 3: ; line 5: ; line 6: ; line 7: z");
    assertEquals("line 4", bad.entries().get(0).place());
  }

  @Test
  void tablesWithoutRows() throws IOException {
    assertMessage("", "is empty: expected a header, then rows");
    assertMessage("\n \n", "is empty: expected a header, then rows");
    assertRows("a,b", "");
    assertRows("a,b\n\n", "");
    assertDataError(
        () -> Table.open("none.csv", TableOptions.defaults()), "none.csv: there is no such file");
    String dir = Files.createDirectory(folder.resolve("dir.csv")).toString();
    assertDataError(() -> Table.open(dir, TableOptions.defaults()), "dir.csv: is a folder");
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 1 << 20})
  void manyColumns(int columns) throws IOException {
    String header = IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(joining(","));
    String row = IntStream.range(0, columns).mapToObj(i -> "" + i).collect(joining(","));
    try (Table table = Table.open(file(header + "\n" + row + "\n" + row), TableOptions.defaults());
        TableRows rows = table.rows()) {
      assertEquals(columns, table.columns().size());
      assertTrue(rows.next());
      assertEquals(columns - 1, rows.number(columns - 1, Numerals.PLAIN));
      assertTrue(rows.next());
      assertEquals("0", rows.get(0));
      assertFalse(rows.next());
    }
  }

  @Test
  void moreFieldsThanCanBeRead() throws IOException {
    assertMessage(
        "a" + ",".repeat(1 << 20) + "\n",
        "line 1: has more than 1048576 fields, the most that can be read; is the separator another"
            + " one?");
  }

  @Test
  void longFields() throws IOException {
    String most = "x".repeat(1 << 20);
    assertRows(
        "a,b\n" + most + ",1\n\"" + most + "\",2\n",
        "line 2: " + most + ", 1; line 3: " + most + ", 2");
    String end =
        " has more than 1048576 characters, the most that can be read: is a quotation mark not"
            + " closed, or the separator another one?";
    assertMessage("a,b\n1,2\n1," + most + "x\n", "line 3: field 2" + end);
    assertMessage("a,b\n1,2\n\"" + most + "x\",1\n", "line 3: field 1" + end);
    assertMessage("a,b\n1,\"2\n" + "1,2\n".repeat(300_000), "line 2: field 2" + end);
  }

  @Test
  void aPassTakesLittleMemory() throws IOException {
    String table = file("a,b\n" + "1.25,-17\n".repeat(200_000));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Table open = Table.open(table, TableOptions.defaults());
        TableRows rows = open.rows()) {
      long before = threads.getCurrentThreadAllocatedBytes();
      double sum = 0;
      double done = 0;
      while (rows.next()) {
        sum += rows.number(0, Numerals.PLAIN) + rows.number(1, Numerals.PLAIN);
        assertTrue(rows.done() >= done);
        done = rows.done();
      }
      long taken = threads.getCurrentThreadAllocatedBytes() - before;
      assertEquals(-15.75 * 200_000, sum);
      assertEquals(1, done);
      assertTrue(taken < 1 << 20, () -> "takes " + taken + " bytes");
    }
  }

  @Test
  void compressedTables() throws IOException {
    String text = "a,b\n" + "x,1\n".repeat(50_000);
    Path file = new Bytes().text(text).gzip(folder.resolve("packed.csv.gz"));
    try (Table table = Table.open(file.toString(), TableOptions.defaults());
        TableRows rows = table.rows()) {
      assertEquals(List.of("a", "b"), table.columns());
      long count = 0;
      while (rows.next()) {
        count++;
      }
      assertEquals(50_000, count);
      assertEquals(1, rows.done());
    }
    byte[] packed = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(packed, packed.length - 8));
    assertDataError(
        () -> Tables.read(file.toString(), TableOptions.defaults()),
        "packed.csv.gz: is damaged or truncated",
        "get the file again");
    assertDataError(
        () -> Table.open(Files.writeString(file, text).toString(), TableOptions.defaults()),
        "is not gzip data; if it is not compressed, take .gz off its name");
  }

  @Test
  void aPipeIsRefused() {
    assertDataError(
        () -> CsvFile.open("p.csv", Path.of("/dev/null"), TableOptions.defaults()),
        "p.csv: is a pipe or a device, which can be read once: save it as a file");
  }
}
