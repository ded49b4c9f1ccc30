// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Compares the scanner with FastCSV on random texts. Lines that end with CR alone are compared with
 * those that end with LF, as FastCSV 4.1 loses a record after a CR in a quoted field.
 */
class CsvScannerTest {
  private static final String[] PARTS = {
    "a", "bc", "1.5", ",", ",", ",", "\n", "\n", "\r\n", "\"", "\"", "\"\"", "é", ""
  };

  /** The records of FastCSV with the lines on which they begin; ends with "fault" at a fault. */
  private static List<String> expected(String text) {
    List<String> records = new ArrayList<>();
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .skipEmptyLines(false)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofCsvRecord(text)) {
      for (CsvRecord record : reader) {
        List<String> fields = record.getFields().stream().map(Blanks::strip).toList();
        records.add(record.getStartingLineNumber() + " " + fields);
      }
    } catch (CsvParseException e) {
      records.add("fault");
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
    return records;
  }

  /** Hands out the text in pieces of a random length. */
  private static Characters pieces(String text, Random random) {
    return new Characters() {
      private int at;

      @Override
      public int read(char[] target, int offset, int length, long line) {
        if (at == text.length()) {
          return -1;
        }
        int got = Math.min(length, 1 + random.nextInt(Math.min(3, text.length() - at)));
        text.getChars(at, at + got, target, offset);
        at += got;
        return got;
      }
    };
  }

  private static List<String> actual(String text, Random random) {
    List<String> records = new ArrayList<>();
    CsvScanner scanner = new CsvScanner("text", pieces(text, random), new CsvFormat(',', '"'));
    try {
      while (scanner.next()) {
        if (scanner.fault() != null) {
          records.add("fault");
          return records;
        }
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < scanner.fields(); i++) {
          fields.add(scanner.text(i));
        }
        records.add(scanner.line() + " " + fields);
      }
    } catch (DataException e) {
      records.add("fault");
    }
    return records;
  }

  @Test
  void randomTexts() {
    Random random = new Random(3);
    int faults = 0;
    int records = 0;
    for (int i = 0; i < 60_000; i++) {
      StringBuilder text = new StringBuilder();
      int parts = random.nextInt(14);
      for (int k = 0; k < parts; k++) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      List<String> expected = expected(text.toString());
      List<String> actual = actual(text.toString(), random);
      boolean open = !actual.isEmpty() && actual.get(actual.size() - 1).equals("fault");
      if (open && !expected.contains("fault")) {
        // A mark that only the end of the text closes, which FastCSV accepts.
        expected = expected.subList(0, actual.size() - 1);
        actual = actual.subList(0, actual.size() - 1);
      }
      faults += open ? 1 : 0;
      records += actual.size();
      assertEquals(expected, actual, () -> "text: " + text.toString().replace("\r", "\\r"));
      if (text.indexOf("\r") < 0) {
        List<String> returns = actual(text.toString().replace('\n', '\r'), random);
        returns.replaceAll(record -> record.replace('\r', '\n'));
        assertEquals(actual, returns.subList(0, actual.size()));
      }
    }
    assertTrue(faults > 6_000 && records > 60_000, faults + " faults, " + records + " records");
  }
}
