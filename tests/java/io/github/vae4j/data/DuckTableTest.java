// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckTableTest {
  private static final TableOptions OPTIONS = TableOptions.defaults();

  @TempDir Path folder;

  /** Runs SQL in a database of the test's own. */
  private static void sql(String url, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + url);
        Statement statement = connection.createStatement()) {
      for (String text : statements) {
        statement.execute(text);
      }
    }
  }

  private Path parquet(String query) throws SQLException {
    Path file = folder.resolve("table.parquet");
    sql("", "COPY (" + query + ") TO " + DuckDb.text(file.toString()) + " (FORMAT parquet)");
    return file;
  }

  @Test
  void specifications() {
    for (String spec : List.of("a.parquet", "A.PARQUET", "a.arrow", "a.feather", "a.ipc")) {
      assertTrue(Table.isTable(spec), spec);
    }
    assertTrue(Table.isTable("duckdb:SELECT 1"));
    assertFalse(Table.isTable("a.parquet.gz"));
    assertDataError(() -> Table.open("none.parquet", OPTIONS), "none.parquet: there is no such");
  }

  @Test
  void valuesOfEachType() throws SQLException {
    Path file =
        parquet(
            "SELECT true b, (-8)::TINYINT i8, 200::UTINYINT u8, 9007199254740993 i64,"
                + " 18446744073709551615::UBIGINT u64, 0.1::FLOAT f, 0.1::DOUBLE d,"
                + " 1e300::DOUBLE big, 'nan'::DOUBLE nan, '-inf'::DOUBLE inf,"
                + " 0.000000001::DECIMAL(18,9) small, ' x\u00A0y\u00A0' v,"
                + " 'ok'::ENUM('sad', 'ok') e, DATE '2024-02-29' dt, TIME '10:11:12.5' tm,"
                + " TIMESTAMP '2024-03-31 02:30:00.25' ts,"
                + " TIMESTAMP_NS '2024-01-01 10:00:00.123456789' tns,"
                + " TIMESTAMPTZ '2024-01-01 10:00:00+02' tz,"
                + " '0f8fad5b-d9cb-469f-a165-70867728950e'::UUID id, '' empty, 5::HUGEINT h");
    try (Table table = Table.open(file.toString(), OPTIONS)) {
      assertEquals(file.toString(), table.name());
      assertEquals(
          "b i8 u8 i64 u64 f d big nan inf small v",
          String.join(" ", table.columns().subList(0, 12)));
      assertEquals(List.of(), table.remarks());
      assertEquals(
          "[[row 1, true, -8, 200, 9007199254740993, 18446744073709551615, 0.1, 0.1, 1.0E300, NaN,"
              + " -Infinity, 0.000000001, x\u00A0y, ok, 2024-02-29, 10:11:12.5,"
              + " 2024-03-31T02:30:00.25, 2024-01-01T10:00:00.123456789, 2024-01-01T08:00:00Z,"
              + " 0f8fad5b-d9cb-469f-a165-70867728950e, , 5.0]]",
          Tables.rows(table).toString());
    }
  }

  @Test
  void numbersHaveNoFormat() throws SQLException {
    Path file =
        parquet("SELECT 1.5 d, 2.5::DOUBLE x, '3,5' t, NULL::DOUBLE n, true b, 'inf'::FLOAT i");
    try (Table table = Table.open(file.toString(), OPTIONS);
        TableRows rows = table.rows()) {
      Numerals comma = Numerals.PLAIN.withDecimal(',');
      assertEquals(0, rows.done());
      assertTrue(rows.next());
      assertEquals(1, rows.done());
      assertEquals(1.5, rows.number(0, comma));
      assertEquals(2.5, rows.number(1, comma));
      assertEquals(3.5, rows.number(2, comma));
      for (int column = 3; column < 6; column++) {
        assertEquals(Double.NaN, rows.number(column, comma));
      }
      assertEquals(null, rows.get(3));
      assertFalse(rows.next());
    }
  }

  @Test
  void passesOverManyRows() throws SQLException {
    Path file = parquet("SELECT i, (i * 7) % 1000 / 4 x FROM range(300000) t(i)");
    try (Table table = Table.open(file.toString(), OPTIONS);
        TableRows one = table.rows();
        TableRows two = table.rows()) {
      assertTrue(one.next());
      for (int row = 0; row < 300_000; row++) {
        assertTrue(two.next());
        assertEquals(row, two.number(0, Numerals.PLAIN));
        assertEquals(row * 7 % 1000 / 4.0, two.number(1, Numerals.PLAIN));
        assertEquals(row + 1, two.line());
      }
      assertFalse(two.next());
      assertEquals("row 300000", two.place());
      assertTrue(one.next());
      assertEquals("1", one.get(0));
    }
  }

  /** More rows than any memory holds. */
  @Test
  void rowsAreStreamed() {
    try (Table table = Table.open("duckdb:SELECT i FROM range(1000000000000) t(i)", OPTIONS);
        TableRows rows = table.rows()) {
      for (int row = 0; row < 10_000; row++) {
        assertTrue(rows.next());
        assertEquals(row, rows.number(0, Numerals.PLAIN));
      }
    }
  }

  @Test
  void columnsThatAreLeftOut() throws SQLException {
    Path file =
        parquet("SELECT 1 a, [1, 2] l, {'x': 1} s, 'ab'::BLOB bytes, 2 \"__index_level_0__\"");
    try (Table table = Table.open(file.toString(), OPTIONS)) {
      assertEquals(List.of("a"), table.columns());
      assertEquals("[[row 1, 1]]", Tables.rows(table).toString());
      assertEquals(
          List.of(
              file
                  + ": column __index_level_0__ is the index of pandas, and is left out; if it is a"
                  + " column of the data, give it another name",
              file
                  + ": leaves out l (INTEGER[]), s (STRUCT(x INTEGER)), bytes (BLOB), as lists,"
                  + " structures and bytes are no values of a table; duckdb:SELECT can take their"
                  + " parts"),
          table.remarks());
    }
    Path none = parquet("SELECT [1, 2] l");
    assertDataError(
        () -> Table.open(none.toString(), OPTIONS),
        "has no column of numbers, texts or times; it has l (INTEGER[])");
  }

  @Test
  void queries() throws SQLException, IOException {
    Path file = parquet("SELECT i, 'n' || i \"a \"\"name\"\"\" FROM range(5) t(i)");
    String from = " FROM " + DuckDb.text(file.toString());
    assertEquals(
        "[[row 1, 4, n4], [row 2, 3, n3]]",
        Tables.read("duckdb:SELECT *" + from + " WHERE i > 2 ORDER BY i DESC; ", OPTIONS)
            .toString());
    assertEquals(
        "[[row 1, 0]]",
        Tables.read("duckdb:" + from + " SELECT min(i) m -- least", OPTIONS).toString());
    Path csv = Files.writeString(folder.resolve("it's.csv"), "a,b\n1,x\n");
    assertEquals(
        "[[row 1, 1, x]]",
        Tables.read("duckdb:FROM " + DuckDb.text(csv.toString()), OPTIONS).toString());
    try (Table table = Table.open("duckdb:SELECT 1 a, 2 a", OPTIONS)) {
      assertEquals(List.of("a", "a_1"), table.columns());
      try (TableRows rows = table.rows()) {
        assertTrue(Double.isNaN(rows.done()));
      }
    }
  }

  @Test
  void aDatabaseIsReadOnly() throws SQLException {
    Path file = folder.resolve("shop.duckdb");
    sql(file.toString(), "CREATE TABLE claims AS SELECT 7 amount");
    String spec = "duckdb:" + file + ":SELECT amount FROM claims";
    assertEquals("[[row 1, 7]]", Tables.read(spec, OPTIONS).toString());
    assertDataError(
        () -> Table.open("duckdb:" + file + ":SELECT x FROM claims", OPTIONS), "\"x\" not found");
    assertDataError(
        () -> Table.open("duckdb:" + folder.resolve("none.db") + ":SELECT 1", OPTIONS),
        "none.db: there is no such file");
  }

  @Test
  void queriesThatFail() {
    assertDataError(
        () -> Table.open("duckdb:SELECT foo FROM range(3) t(a)", OPTIONS),
        "duckdb:SELECT foo FROM range(3) t(a): cannot be read: Binder Error: Referenced column"
            + " \"foo\" not found");
    assertDataError(() -> Table.open("duckdb:SELEC 1", OPTIONS), "Parser Error");
    assertDataError(
        () -> Table.open("duckdb:SELECT 1 a; SELECT 2", OPTIONS), "syntax error at or near");
    assertDataError(() -> Table.open("duckdb:", OPTIONS), "cannot be read");
    // No extension is fetched, and the network is not reached.
    assertDataError(
        () -> Table.open("duckdb:FROM 'http://localhost:9/a.csv'", OPTIONS),
        "requires the extension httpfs");
    // A fault within the rows.
    try (Table table =
        Table.open(
            "duckdb:SELECT CAST(if(i < 5000, '1', 'x') AS INTEGER) a FROM range(9000) t(i)",
            OPTIONS)) {
      assertDataError(() -> Tables.rows(table), "Could not convert string 'x' to INT32");
    }
  }

  @Test
  void filesThatAreDamaged() throws SQLException, IOException {
    Path file = parquet("SELECT i, i::VARCHAR v FROM range(10000) t(i)");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertDataError(
        () -> Table.open(file.toString(), OPTIONS), file + ": cannot be read: ", "No magic bytes");
    Files.writeString(file, "a,b\n1,2\n");
    assertDataError(() -> Table.open(file.toString(), OPTIONS), "cannot be read");
  }

  @Test
  void namesWithPatterns() throws SQLException, IOException {
    Path plain = parquet("SELECT 1 a");
    for (String name : List.of("a[1]*?.parquet", "it's.parquet")) {
      Path odd = Files.copy(plain, folder.resolve(name));
      assertEquals("[[row 1, 1]]", Tables.read(odd.toString(), OPTIONS).toString());
    }
  }

  @Test
  void arrowNeedsItsExtension() throws IOException {
    Path file = Files.writeString(folder.resolve("a.arrow"), "ARROW1");
    assertDataError(
        () -> Table.open(file.toString(), OPTIONS),
        "a.arrow: DuckDB reads Arrow by its extension nanoarrow, which is not installed",
        "run INSTALL nanoarrow FROM community once in DuckDB",
        "save the table as Parquet");
  }

  @Test
  void nothingStaysBehind() throws SQLException, IOException {
    Path file = parquet("SELECT i FROM range(100000) t(i)");
    try (Table table = Table.open(file.toString(), OPTIONS);
        TableRows rows = table.rows()) {
      // Closed in the middle of the rows.
      assertTrue(rows.next());
    }
    try (Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertEquals(
          List.of(),
          left.filter(f -> f.toString().matches(".*/vae4j-(duckdb|parquet)-.*")).toList());
    }
  }

  @Test
  void aCsvBecomesParquet() throws IOException {
    Path csv =
        Files.writeString(
            folder.resolve("it's [1].csv"),
            "id,n,x,t,ok,\"a \"\"b\"\"\",none\n"
                + "T1,1,0.5,2026-01-02,true,\"x, y\",\n"
                + "T2,,2,2026-01-03,false,,\n");
    Path file = Files.writeString(folder.resolve("out.parquet"), "old");
    ParquetFile.write(csv, file);
    assertEquals(
        "[[row 1, T1, 1, 0.5, 2026-01-02, true, x, y, null],"
            + " [row 2, T2, null, 2.0, 2026-01-03, false, null, null]]",
        Tables.read(file.toString(), OPTIONS).toString());
    assertEquals(
        "[[row 1, n, BIGINT], [row 2, x, DOUBLE], [row 3, t, DATE]]",
        Tables.read(
                "duckdb:SELECT column_name, column_type FROM (DESCRIBE FROM "
                    + DuckDb.text(file.toString())
                    + ") LIMIT 3 OFFSET 1",
                OPTIONS)
            .toString());
    assertDataError(() -> ParquetFile.write(folder.resolve("none.csv"), file), "No files found");
    Thrown.says(
        VaeException.class,
        () -> ParquetFile.write(csv, folder.resolve("none").resolve("x.parquet")),
        "cannot write ",
        "there is no folder");
    assertTrue(Tables.read(file.toString(), OPTIONS).size() == 2);
  }

  /** The library without DuckDB, in a class loader of its own. */
  @Test
  void withoutDuckDb() throws Exception {
    Path file = Files.writeString(folder.resolve("a.parquet"), "PAR1");
    URL[] path =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("duckdb"))
            .map(DuckTableTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
      Class<?> options = loader.loadClass(TableOptions.class.getName());
      try {
        loader
            .loadClass(Table.class.getName())
            .getMethod("open", String.class, options)
            .invoke(null, file.toString(), options.getMethod("defaults").invoke(null));
      } catch (java.lang.reflect.InvocationTargetException e) {
        assertEquals(
            file
                + ": Parquet, Arrow and SQL need DuckDB, which is not on the class path: add"
                + " org.duckdb:duckdb_jdbc:1.5.6.0 to your dependencies, or its jar to the folder"
                + " lib of an installed vae4j; or use CSV",
            e.getTargetException().getMessage());
        return;
      }
    }
    throw new AssertionError("read without DuckDB");
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
