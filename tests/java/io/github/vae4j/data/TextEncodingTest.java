// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncodingTest {
  private static final String TEXT = "größe,\u2022\n1,ł\uD83D\uDE00\n";

  @TempDir Path folder;

  private Path file(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return Files.write(folder.resolve("table.csv"), all.toByteArray());
  }

  private static void assertText(Path file, TableOptions options) {
    try (Table table = Table.open(file.toString(), options)) {
      assertEquals(List.of("größe", "\u2022"), table.columns());
      assertEquals("[[line 2, 1, ł\uD83D\uDE00]]", Tables.rows(table).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void byteOrderMarks(String name) throws IOException {
    Path file = file(("\uFEFF" + TEXT).getBytes(Charset.forName(name)));
    assertText(file, TableOptions.defaults());
    // The mark is right, whatever is given.
    assertText(file, TableOptions.defaults().withCharset(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<!DOCTYPE html><html> | an HTML page, as a server sends for an error or a login",
        "<html lang='en'> | an HTML page, as a server sends for an error or a login",
        "<?xml version='1.0'?> | an XML document: export the table as CSV",
        "[ {\"a\": 1, \"b\": 2}] | JSON: export the table as CSV",
        "{\"a\" : 1} | JSON: export the table as CSV",
      })
  void otherDocuments(String text, String what) throws IOException {
    for (String mark : List.of("", "\uFEFF", "\n ")) {
      Path file = file((mark + text + "\n").getBytes(StandardCharsets.UTF_8));
      assertDataError(
          () -> Table.open(file.toString(), TableOptions.defaults()), "is no table, but " + what);
    }
  }

  @Test
  void withoutAMark() throws IOException {
    TableOptions options = TableOptions.defaults();
    assertText(file(TEXT.getBytes(StandardCharsets.UTF_8)), options);
    Path wide = file(TEXT.getBytes(StandardCharsets.UTF_16LE));
    assertText(wide, options.withCharset(StandardCharsets.UTF_16LE));
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      Path ascii = file("a,b\n1,2\n".getBytes(charset));
      assertEquals("[[line 2, 1, 2]]", Tables.read(ascii.toString(), options).toString());
    }
  }

  @Test
  void aFileInWindows1252() throws IOException {
    Charset windows = Charset.forName("windows-1252");
    Path file = file("name,b\n\"x\ny\",1\nRené,2\n".getBytes(windows));
    assertEquals(
        file
            + ": line 4: the byte 0xE9 is not text in UTF-8, but \"é\" in Windows-1252: if the file"
            + " is in that encoding, give TableOptions.charset windows-1252, or convert it by iconv -f"
            + " WINDOWS-1252 -t UTF-8",
        assertThrows(
                DataException.class, () -> Tables.read(file.toString(), TableOptions.defaults()))
            .getMessage());
    assertEquals(
        "[[line 2, x\ny, 1], [line 4, René, 2]]",
        Tables.read(file.toString(), TableOptions.defaults().withCharset(windows)).toString());
  }

  /** A fault far from the start, behind the sample and some buffers. */
  @Test
  void aFaultInTheMiddle() throws IOException {
    byte[] rows = "1,grün\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    Path file =
        file("a,b\n".getBytes(StandardCharsets.UTF_8), rows, new byte[] {'2', ',', -1, '\n'});
    try (Table table = Table.open(file.toString(), TableOptions.defaults())) {
      assertDataError(
          () -> Tables.rows(table), "line 100002: the byte 0xFF is not text in UTF-8, but \"ÿ\"");
    }
    Path cut =
        file("a,b\n".getBytes(StandardCharsets.UTF_8), rows, new byte[] {'2', ',', (byte) 0xC3});
    try (Table table = Table.open(cut.toString(), TableOptions.defaults())) {
      assertDataError(() -> Tables.rows(table), "line 100002: the byte 0xC3 is not text in UTF-8");
    }
    Path undefined =
        file("a,b\n1,".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0x81, '\n'});
    assertDataError(
        () -> Table.open(undefined.toString(), TableOptions.defaults()),
        "line 2: the byte 0x81 is not text in UTF-8: give its encoding by TableOptions.charset");
    Path odd = file("\uFEFFa\n1\n".getBytes(StandardCharsets.UTF_16LE), new byte[] {'x'});
    assertDataError(
        () -> Table.open(odd.toString(), TableOptions.defaults()),
        "line 3: the byte 0x78 is not text in UTF-16LE");
  }

  /** Characters of several bytes at every place of the buffers. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void charactersAtTheEndsOfBuffers(int shift) throws IOException {
    String row = "ł\uD83D\uDE00,é\n";
    Path file =
        file(
            ("a" + "x".repeat(shift) + ",b\n" + row.repeat(60_000))
                .getBytes(StandardCharsets.UTF_8));
    try (Table table = Table.open(file.toString(), TableOptions.defaults());
        TableRows rows = table.rows()) {
      int count = 0;
      while (rows.next()) {
        assertEquals("ł\uD83D\uDE00", rows.get(0));
        assertEquals("é", rows.get(1));
        count++;
        assertEquals(count + 1, rows.line());
      }
      assertEquals(60_000, count);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "504b0304140000, a ZIP archive or an Excel workbook: save the table as CSV",
    "d0cf11e0a1b11ae100, an old Excel workbook: save the table as CSV",
    "504152311504, a Parquet file: give it a name that ends in .parquet",
    "4152524f57310000, an Arrow file: give it a name that ends in .arrow",
    "53514c69746520666f726d6174203300, a SQLite database: export the table as CSV",
    "28b52ffd0400, 'compressed by zstd: decompress it, or compress it by gzip'",
  })
  void filesThatAreNoText(String hex, String kind) throws IOException {
    Path file = file(java.util.HexFormat.of().parseHex(hex));
    assertDataError(
        () -> Table.open(file.toString(), TableOptions.defaults()),
        "table.csv: is not text, but " + kind);
  }

  @Test
  void otherBytes() throws IOException {
    Path zeros = file(new byte[] {'a', ',', 'b', 0, 0, 'c', '\n', 0});
    assertDataError(
        () -> Table.open(zeros.toString(), TableOptions.defaults()),
        "is not text: it has bytes of 0 near its start");
    // A name that is the mark of a format.
    assertEquals(
        "[[line 2, 1, 2]]",
        Tables.read(
                file("PAR1,%PDF\n1,2\n".getBytes(StandardCharsets.UTF_8)).toString(),
                TableOptions.defaults())
            .toString());
  }
}
