// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  private static final String CUT =
      "is damaged or truncated: its compressed data end too early or are wrong; get the file again";

  private static final String NOT_CLOSED =
      ": a quotation mark is not closed until the end of the file: close it, or get the file again"
          + " if it was cut off";

  @TempDir Path folder;

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("table.csv"), text).toString();
  }

  private void assertTable(String text, float... expected) throws IOException {
    try (DataSet set = DataSets.open(file(text))) {
      assertEquals(DType.FLOAT32, set.type());
      assertEquals(1, set.scale());
      assertTrue(set.resident());
      assertArrayEquals(expected, DataSets.values(set, 0, set.rows()).values());
    }
  }

  /** That a source is refused with a message that begins with its name. */
  private static void assertMessage(String source, String message) {
    assertEquals(
        source + ": " + message,
        assertThrows(DataException.class, () -> DataSets.open(source)).getMessage());
  }

  @Test
  void headerThenNumbers() throws IOException {
    assertTable("a,b\n1,2\n-3.5,4e-3\n", 1, 2, -3.5f, 4e-3f);
    assertTable("a,b\r\n1,2\r\n3,4", 1, 2, 3, 4);
    assertTable("\uFEFF1a,2\n1,2\n", 1, 2);
    assertTable("\"a, b\",\"c\nd\"\n\"1\", +2 \n", 1, 2);
    assertTable("a,b\n\n1,2\n\n3,4\n\n", 1, 2, 3, 4);
    assertTable("a\n.5\n5.\n", 0.5f, 5);
  }

  @Test
  void tabs() throws IOException {
    Path file = Files.writeString(folder.resolve("table.TSV"), "a,x\tb\n1\t2\n");
    try (DataSet set = DataSets.open(file.toString())) {
      assertEquals(2, set.features());
    }
  }

  @Test
  void manyRows() throws IOException {
    StringBuilder text = new StringBuilder("a,b\n");
    for (int i = 0; i < 100_000; i++) {
      text.append(i).append(",-").append(i).append('\n');
    }
    try (DataSet set = DataSets.open(file(text.toString()))) {
      assertEquals(100_000, set.rows());
      assertArrayEquals(new float[] {99_999, -99_999}, DataSets.values(set, 99_999, 1).values());
      assertArrayEquals(new float[] {8_192, -8_192}, DataSets.values(set, 8_192, 1).values());
    }
  }

  @Test
  void raggedRowNamesItsLine() throws IOException {
    String few = file("a,b,c\n1,2,3\n\n4,5\n");
    assertMessage(few, "line 4: number of fields: expected 3, as in the header, given 2");
    String many = file("a,b\n\"1\n\",2\n1,2,3\n");
    assertMessage(many, "line 4: number of fields: expected 2, as in the header, given 3");
  }

  @Test
  void textNamesLineAndColumn() throws IOException {
    for (String text : new String[] {"red", "1f", "0x1p3", "1,5", "--1", "1 2", "e"}) {
      String table = file("size, colour\n1,2\n3,\"" + text + "\"\n");
      assertMessage(table, "line 3, column 2 (colour): expected a number, found \"" + text + "\"");
    }
    String missing = file("a,b\n1,\n");
    assertMessage(
        missing,
        "line 2, column 2 (b): is empty; every row needs a number there: fill it in or leave out"
            + " the row or column, or give OpenOptions.missing where it is not known");
  }

  @Test
  void valuesThatAreNotFinite() throws IOException {
    for (String text : new String[] {"NaN", "nan", "-inf", "Infinity", "+Inf"}) {
      String table = file("a,b\n1,2\n" + text + ",4\n");
      assertDataError(() -> DataSets.open(table), "line 3, column 1 (a)", text, "not finite");
    }
    String large = file("a\n1e39\n");
    assertMessage(large, "line 2, column 1 (a): 1e39 is beyond the range of float32");
  }

  @Test
  void filesWithoutRows() throws IOException {
    String empty = file("");
    assertMessage(empty, "is empty: expected a header, then rows of numbers");
    String header = file("a,b\n");
    assertMessage(header, "is empty: it has a header but no rows");
    String numbers = file("1,2\n3,4\n");
    assertMessage(
        numbers,
        "has no header: its first line is 1, 2; put a line with the names of the columns before"
            + " it");
    assertMessage(
        "none.csv",
        "there is no such file (looked for " + Path.of("none.csv").toAbsolutePath() + ")");
    assertMessage(
        Files.createDirectory(folder.resolve("dir.csv")).toString(), "is a folder, not a file");
  }

  @Test
  void writtenTableReadsBack() throws IOException {
    Path file = folder.resolve("out.csv");
    float[] values = {0.1f, -2, Float.MIN_VALUE, Float.MAX_VALUE};
    Csv.write(file, List.of("a, b", "c"), new Matrix(2, 2, values));
    assertEquals("\"a, b\",c\n0.1,-2.0\n1.4E-45,3.4028235E38\n", Files.readString(file));
    try (DataSet set = DataSets.open(file.toString())) {
      assertArrayEquals(values, DataSets.values(set, 0, 2).values());
    }
  }

  @Test
  void tableThatCannotBeWritten() {
    Matrix matrix = Matrix.zeros(1, 2);
    Thrown.says(
        IllegalArgumentException.class,
        () -> Csv.write(folder.resolve("x.csv"), List.of("a"), matrix),
        "expected 2 names, given 1");
    Thrown.says(
        VaeException.class,
        () -> Csv.write(folder.resolve("none").resolve("x.csv"), List.of("a", "b"), matrix),
        "cannot write ",
        "x.csv",
        "there is no folder");
  }

  @Test
  void theIndexOfPandasIsLeftOut() throws IOException {
    try (DataSet set = DataSets.open(file(",a,b\n0,1,2\nr1,3,4\n"))) {
      assertEquals(List.of("a", "b"), set.columns());
      assertArrayEquals(new float[] {1, 2, 3, 4}, DataSets.values(set, 0, 2).values());
      assertEquals(
          List.of(
              folder.resolve("table.csv")
                  + ": column 1 has no name, as the index of pandas, and is left out; if it is a"
                  + " column of the data, give it a name"),
          set.remarks());
      // Numbers of columns stay those of the file.
      assertEquals("line 3, column 3 (b)", set.place(1, 1));
      assertEquals(4, new RowRoles("2", null, null).apply(set).label(1));
    }
    String bad = file(",a,b\n0,1,red\n");
    assertMessage(bad, "line 2, column 3 (b): expected a number, found \"red\"");
  }

  @Test
  void emptyLinesOfOneColumnAreMissingValues() throws IOException {
    OpenOptions missing = OpenOptions.defaults().withMissing(true);
    try (DataSet set = DataSets.open(file("a\n1\n\n3\n\n"), missing)) {
      assertArrayEquals(new float[] {1, Float.NaN, 3}, DataSets.values(set, 0, 3).values());
      assertEquals("line 3", set.place(1));
      assertEquals("line 4", set.place(2));
    }
    try (DataSet set = DataSets.open(file("a\n1\n\"\"\n"), missing)) {
      assertEquals(2, set.rows());
    }
  }

  @Test
  void linesAreThoseOfTheFile() throws IOException {
    try (DataSet set = DataSets.open(file("a,\"b\nc\"\n1,2\n\n\"3\n\",4\n5,6\n"))) {
      assertEquals("line 3, column 1 (a)", set.place(0, 0));
      assertEquals("line 5, column 2 (b\\nc)", set.place(1, 1));
      DataSet last = DataSets.rows(DataSets.rows(set, new int[] {2, 1}), new int[] {0});
      assertEquals("line 7, column 1 (a)", last.place(0, 0));
      assertEquals(2, last.origin(0));
    }
  }

  @Test
  void anUnclosedQuotationMarkPrintsLittle() throws IOException {
    String rows = "1,2\n".repeat(300_000);
    String end =
        " has more than 1048576 characters, the most that can be read: is a quotation mark not"
            + " closed, or the separator another one?";
    unclosed("a,b\n1,\"2\n" + rows, "line 2: field 2" + end);
    unclosed("a,b\n\"1,2\n" + rows, "line 2: field 1" + end);
    unclosed("a\n\"1\n" + rows, "line 2: field 1" + end);
    unclosed("\"a,b\n" + rows, "line 1: field 1" + end);
    unclosed("a,b\n\"1\n\",\"2\n" + rows, "line 3: field 2" + end);
    String few = rows.substring(0, 4_000);
    for (String begin : List.of("1,\"2\n", "\"1,2\n", "1,\"\"\"2\n")) {
      unclosed("a,b\n" + begin + few, "line 2" + NOT_CLOSED);
    }
    unclosed("\"a,b\n" + few, "line 1" + NOT_CLOSED);
  }

  /** A file that was cut off within a quoted field is not read as if it were whole. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n1\n\"2",
        "a\n1\n\"2\n",
        "a\n1\n\"",
        "a\n1\n\"\n",
        "a\n1\n\"2\"\"",
        "\"a\"\n\"1\"\n\"2",
        "5\" pipe\n1\n\"2",
      })
  void aQuotationMarkThatTheEndOfTheFileClosesIsRefused(String text) throws IOException {
    unclosed(text, "line 3" + NOT_CLOSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\n", "\"a", "\"", "\n\"\n"})
  void aHeaderThatTheEndOfTheFileClosesIsRefused(String text) throws IOException {
    String line = text.startsWith("\n") ? "line 2" : "line 1";
    unclosed(text, line + NOT_CLOSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"a\"\n\"1\"\n\"2\"",
        "5\" pipe\n1\n\"2\"\n",
        "\"a \"\"b\"\"\"\n\"1\"\n2\r\n",
        "\"a\nb\"\n1\n2\n"
      })
  void marksThatAreClosedOrTextAreRead(String text) throws IOException {
    assertTable(text, 1, 2);
  }

  @Test
  void theShortestTablesAreRead() throws IOException {
    assertTable("a\n1", 1);
    assertTable("a\n1\n", 1);
    assertTable("a\r1\r", 1);
    assertMessage(file("a"), "is empty: it has a header but no rows");
    assertMessage(file("a\n"), "is empty: it has a header but no rows");
    assertMessage(file("\n\n"), "is empty: expected a header, then rows of numbers");
  }

  /** In UTF-16 the bullet has the byte of a quotation mark. */
  @Test
  void aTableInUtf16IsRead() throws IOException {
    Path file = folder.resolve("wide.csv");
    Files.write(file, "\u2022a\n1\n2\n".getBytes(StandardCharsets.UTF_16));
    try (DataSet rows = DataSets.open(file.toString())) {
      assertEquals(List.of("\u2022a"), rows.columns());
      assertArrayEquals(new float[] {1, 2}, DataSets.values(rows, 0, 2).values());
    }
  }

  private void unclosed(String text, String... parts) throws IOException {
    String table = file(text);
    DataException error = assertThrows(DataException.class, () -> DataSets.open(table));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.length() < 600, () -> message.length() + ": " + message);
    assertTrue(message.startsWith(table + ": " + parts[0]), message);
    assertTrue(message.endsWith(parts[parts.length - 1]), message);
  }

  @Test
  void compressedTables() throws IOException {
    String text = "a,b\n1,2\n3,4\n";
    for (String name : new String[] {"packed.csv", "packed.csv.gz"}) {
      Path file = new Bytes().text(text).gzip(folder.resolve(name));
      try (DataSet set = DataSets.open(file.toString())) {
        assertArrayEquals(new float[] {1, 2, 3, 4}, DataSets.values(set, 0, 2).values());
      }
    }
    byte[] packed = Files.readAllBytes(folder.resolve("packed.csv"));
    byte[] two = Arrays.copyOf(packed, 2 * packed.length);
    System.arraycopy(packed, 0, two, packed.length, packed.length);
    Path cut = Files.write(folder.resolve("cut.csv"), Arrays.copyOf(packed, packed.length - 4));
    assertMessage(cut.toString(), CUT);
    Path members = Files.write(folder.resolve("members.tsv.gz"), two);
    assertMessage(members.toString(), "line 2, column 1 (a,b): expected a number, found \"1,2\"");
    Path half = Files.write(folder.resolve("h.csv.gz"), Arrays.copyOf(two, packed.length + 5));
    assertMessage(half.toString(), CUT);
  }

  @Test
  void manyColumns() throws IOException {
    int columns = 20_000;
    String header = IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(joining(","));
    String row = IntStream.range(0, columns).mapToObj(i -> "" + i).collect(joining(","));
    try (DataSet set = DataSets.open(file(header + "\n" + row + "\n"))) {
      assertEquals(columns, set.features());
      assertEquals(19_999, DataSets.values(set, 0, 1).at(0, 19_999));
    }
  }

  @Test
  void wholeNumbersThatFloatsRound() throws IOException {
    try (DataSet set = DataSets.open(file("a,id\n1,16777216\n2,16777217\n3,123456789\n"))) {
      assertEquals(List.of(rounded("line 3, column 2 (id)")), set.remarks());
    }
    try (DataSet set = DataSets.open(file("a\n1e30\n33554432\n"))) {
      assertEquals(List.of(rounded("line 2, column 1 (a)")), set.remarks());
    }
    try (DataSet set = DataSets.open(file("a,id\n1,16777216\n2,-16777216\n"))) {
      assertEquals(List.of(), set.remarks());
    }
  }

  private String rounded(String place) {
    return folder.resolve("table.csv")
        + ": "
        + place
        + " is beyond 16777216 (2^24), from where on float32 rounds whole numbers: different ones"
        + " may become equal; scale the column, or leave it out if it is an identifier or a time";
  }
}
