// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.benchmarks;

import io.github.vae4j.data.Numerals;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.data.TableRows;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * Reads tables to their end: each cell as a number, and those that are none as texts. Arguments:
 * the megabytes of a table, and the number of passes.
 */
public final class ReadTable {
  private static final int BLOCK_ROWS = 20_000;

  private ReadTable() {}

  /**
   * Writes the tables, reads each one several times, and deletes them.
   *
   * @param args the megabytes of a table, the number of passes
   * @throws IOException if a table cannot be written
   */
  public static void main(String[] args) throws IOException {
    long bytes = Long.parseLong(args[0]) * 1_000_000;
    int passes = Integer.parseInt(args[1]);
    for (String kind : List.of("numbers.csv", "claims.csv", "claims.csv.gz")) {
      Path file = Files.createTempFile("vae4j-", kind);
      try {
        long text = write(kind, file, bytes);
        for (int pass = 1; pass <= passes; pass++) {
          long start = System.nanoTime();
          double busy = processor();
          String found = read(file);
          busy = processor() - busy;
          double seconds = (System.nanoTime() - start) * 1e-9;
          System.out.printf(
              Locale.ROOT,
              "%s pass %d: %.0f MB of text in %.2f s, %.0f MB/s, %.0f MB per second of a processor"
                  + " (%s)%n",
              kind,
              pass,
              text * 1e-6,
              seconds,
              text * 1e-6 / seconds,
              text * 1e-6 / busy,
              found);
        }
      } finally {
        Files.delete(file);
      }
    }
  }

  /** The seconds that processors have spent on this process. */
  private static double processor() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() * 1e-9;
  }

  private static String read(Path file) {
    long rows = 0;
    long texts = 0;
    double sum = 0;
    try (Table table = Table.open(file.toString(), TableOptions.defaults());
        TableRows row = table.rows()) {
      int columns = table.columns().size();
      while (row.next()) {
        rows++;
        for (int column = 0; column < columns; column++) {
          double value = row.number(column, Numerals.PLAIN);
          if (Double.isNaN(value)) {
            String text = row.get(column);
            texts += text == null || text.isEmpty() ? 0 : 1;
          } else {
            sum += value;
          }
        }
      }
    }
    return rows + " rows, " + texts + " texts, sum " + (float) sum;
  }

  /** Writes the same block of random rows again and again; the bytes of the text. */
  private static long write(String kind, Path file, long bytes) throws IOException {
    Random random = new Random(1);
    boolean claims = kind.startsWith("claims");
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < BLOCK_ROWS; row++) {
      rows.append(claims ? claim(random, row) : numbers(random)).append('\n');
    }
    byte[] header =
        (claims
                ? "id,time,amount,currency,merchant,age,country,x,y,count,note\n"
                : "a,b,c,d,e,f,g,h,i,j,k,l\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] block = rows.toString().getBytes(StandardCharsets.UTF_8);
    long written = header.length;
    try (OutputStream plain = Files.newOutputStream(file);
        OutputStream out = kind.endsWith(".gz") ? new GZIPOutputStream(plain, 1 << 16) : plain) {
      out.write(header);
      while (written < bytes) {
        out.write(block);
        written += block.length;
      }
    }
    return written;
  }

  private static String claim(Random random, int row) {
    return String.format(
        Locale.ROOT,
        "T%07d,2026-%02d-%02dT%02d:30:00,%.2f,%s,M%04d,%d,%s,%.6f,%s,%d,%s",
        row,
        1 + random.nextInt(12),
        1 + random.nextInt(28),
        random.nextInt(24),
        Math.exp(3 + random.nextGaussian()),
        random.nextBoolean() ? "EUR" : "USD",
        random.nextInt(1000),
        18 + random.nextInt(70),
        random.nextBoolean() ? "DE" : "FR",
        random.nextGaussian(),
        random.nextDouble(),
        random.nextInt(1_000_000),
        row % 5 == 0 ? "\"late, with receipt\"" : "");
  }

  /** Four whole numbers, four with two decimals, four with all digits of a double. */
  private static String numbers(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      text.append(i == 0 ? "" : ",")
          .append(random.nextInt(100_000))
          .append(',')
          .append(String.format(Locale.ROOT, "%.2f", random.nextGaussian() * 100))
          .append(',')
          .append(random.nextDouble());
    }
    return text.toString();
  }
}
