// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The marks of a text file.
 *
 * @param separator between fields
 * @param quote around a field with separators or line ends
 */
record CsvFormat(char separator, char quote) {
  private static final char[] SEPARATORS = {',', ';', '\t', '|'};
  private static final int RECORDS = 200;
  private static final String EXCEL = "sep=";

  /**
   * The format of a text. A separator that is not given is the one by which most lines have as many
   * fields as the first line, and two or more; of several such ones the one whose fields are more
   * often numbers; then that of the file's name, which is also taken if there is none. A mark that
   * is not given is an apostrophe if the other mark encloses no field, and apostrophes enclose some
   * and are nowhere else at the start of a field.
   *
   * @param name of the file
   * @param sample the first characters
   * @param whole whether these are all
   */
  static CsvFormat of(
      String name,
      char[] sample,
      boolean whole,
      @Nullable Character separator,
      @Nullable Character quote) {
    char mark = quote == null ? '"' : quote;
    char between = separator != null ? separator : separator(name, sample, whole, mark);
    if (quote == null) {
      Sight plain = new Sight(sample, whole, new CsvFormat(between, '"'));
      if (plain.quoted == 0) {
        Sight other = new Sight(sample, whole, new CsvFormat(between, '\''));
        if (other.quoted > 0 && other.faults == 0 && other.share() >= plain.share()) {
          mark = '\'';
        }
      }
    }
    return new CsvFormat(between, mark);
  }

  /** The separator by the name of a file. */
  static char byName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".tsv") || lower.endsWith(".tsv.gz") ? '\t' : ',';
  }

  private static char separator(String name, char[] sample, boolean whole, char quote) {
    if (sample.length > EXCEL.length() + 1
        && new String(sample, 0, EXCEL.length()).equals(EXCEL)
        && (sample[EXCEL.length() + 1] == '\n' || sample[EXCEL.length() + 1] == '\r')) {
      return sample[EXCEL.length()];
    }
    char usual = byName(name);
    char best = usual;
    double most = new Sight(sample, whole, new CsvFormat(usual, quote)).score();
    for (char other : SEPARATORS) {
      double score = new Sight(sample, whole, new CsvFormat(other, quote)).score();
      if (score > most) {
        most = score;
        best = other;
      }
    }
    return best;
  }

  /** The first records of a text, as a format reads them. */
  private static final class Sight {
    private static final double ENOUGH = 0.8;

    private final List<Integer> counts = new ArrayList<>();
    private int quoted;
    private int faults;
    private int numbers;
    private int cells;

    Sight(char[] sample, boolean whole, CsvFormat format) {
      CsvScanner scanner = new CsvScanner("", Characters.of(sample, sample.length), format);
      try {
        while (counts.size() < RECORDS && scanner.next()) {
          // The sample may end within its last record, which counts if there is no other.
          if (scanner.blank() || (!whole && scanner.atEnd() && !counts.isEmpty())) {
            continue;
          }
          add(scanner);
        }
      } catch (DataException e) {
        faults++;
      }
    }

    private void add(CsvScanner scanner) {
      faults += scanner.fault() == null ? 0 : 1;
      int fields = scanner.fields();
      for (int i = 0; i < fields; i++) {
        quoted += scanner.quoted(i) ? 1 : 0;
        if (!counts.isEmpty()) {
          cells++;
          numbers += isNumber(scanner, i) ? 1 : 0;
        }
      }
      counts.add(fields);
    }

    private static boolean isNumber(CsvScanner scanner, int field) {
      return !Double.isNaN(scanner.number(field, Numerals.PLAIN))
          || !Double.isNaN(scanner.number(field, Numerals.PLAIN.withDecimal(',')));
    }

    /** The share of records with the most frequent number of fields. */
    double share() {
      return counts.isEmpty() ? 0 : (double) often().getValue() / counts.size();
    }

    private Map.Entry<Integer, Integer> often() {
      Map<Integer, Integer> records = new HashMap<>();
      counts.forEach(count -> records.merge(count, 1, Integer::sum));
      return records.entrySet().stream()
          .max(Map.Entry.<Integer, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
          .orElseThrow();
    }

    /** Greater for a better separator; 0 for none. */
    double score() {
      if (counts.isEmpty() || often().getKey() < 2 || share() < ENOUGH) {
        return 0;
      }
      boolean asFirst = often().getKey().equals(counts.get(0));
      double numeric = cells == 0 ? 0 : (double) numbers / cells;
      return (asFirst ? 10 : 1)
          + Math.round(share() * 100) / 100.0 * 2
          + Math.round(numeric * 100) / 100.0;
    }
  }
}
