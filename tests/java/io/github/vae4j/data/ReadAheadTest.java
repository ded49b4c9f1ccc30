// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadAheadTest {
  private static final int ROWS = 300_000;

  @TempDir Path folder;

  /** A file that is long enough for a thread, also if it is compressed. */
  private Path large() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("a,b\n");
    for (int row = 0; row < ROWS; row++) {
      text.append(row).append(',').append(random.nextInt(1_000_000_000)).append('\n');
    }
    return Files.writeString(folder.resolve("large.csv"), text);
  }

  private static long threads(Path file) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("vae4j reads " + file))
        .count();
  }

  private static void assertRows(TableRows rows) {
    double done = 0;
    for (int row = 0; row < ROWS; row++) {
      assertTrue(rows.next());
      assertEquals(row, rows.number(0, Numerals.PLAIN));
      assertEquals(row + 2, rows.line());
      assertTrue(rows.done() >= done);
      done = rows.done();
    }
    assertTrue(!rows.next());
    assertEquals(1, rows.done());
  }

  @Test
  void theThreadEndsWithThePass() throws IOException {
    Path file = large();
    try (Table table = Table.open(file.toString(), TableOptions.defaults())) {
      assertEquals(0, threads(file));
      try (TableRows rows = table.rows();
          TableRows other = table.rows()) {
        assertEquals(2, threads(file));
        assertRows(rows);
        assertTrue(other.next());
      }
      assertEquals(0, threads(file));
      // In the middle, where the thread waits for a free block.
      try (TableRows rows = table.rows()) {
        for (int row = 0; row < 100; row++) {
          assertTrue(rows.next());
        }
      }
      assertEquals(0, threads(file));
    }
  }

  @Test
  void aShortFileNeedsNoThread() throws IOException {
    Path file = Files.writeString(folder.resolve("short.csv"), "a,b\n1,2\n");
    try (Table table = Table.open(file.toString(), TableOptions.defaults());
        TableRows rows = table.rows()) {
      assertEquals(0, threads(file));
      assertTrue(rows.next());
    }
  }

  @Test
  void anInterruptStays() throws IOException {
    Path file = large();
    try (Table table = Table.open(file.toString(), TableOptions.defaults());
        TableRows rows = table.rows()) {
      Thread.currentThread().interrupt();
      assertRows(rows);
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(0, threads(file));
  }

  @Test
  void faultsOfTheFile() throws IOException {
    Path file = large();
    byte[] bytes = Files.readAllBytes(file);
    byte[] wrong = bytes.clone();
    int at = bytes.length - 3;
    wrong[at] = (byte) 0xE9;
    Files.write(file, wrong);
    try (Table table = Table.open(file.toString(), TableOptions.defaults())) {
      assertDataError(() -> Tables.rows(table), "line 300001: the byte 0xE9 is not text in UTF-8");
    }
    Path packed =
        new Bytes()
            .text(new String(bytes, StandardCharsets.US_ASCII))
            .gzip(folder.resolve("p.csv.gz"));
    byte[] whole = Files.readAllBytes(packed);
    assertTrue(whole.length > 1 << 20, () -> whole.length + " bytes");
    try (Table table = Table.open(packed.toString(), TableOptions.defaults());
        TableRows rows = table.rows()) {
      assertEquals(1, threads(packed));
      assertRows(rows);
    }
    Files.write(packed, Arrays.copyOf(whole, whole.length - 100));
    try (Table table = Table.open(packed.toString(), TableOptions.defaults())) {
      assertDataError(() -> Tables.rows(table), "p.csv.gz: is damaged or truncated");
    }
    assertEquals(0, threads(file) + threads(packed));
  }

  @Test
  void failuresOfTheThread() throws InterruptedException {
    OutOfMemoryError failure = new OutOfMemoryError("test");
    try (ReadAhead ahead =
        new ReadAhead(
            "x",
            (target, offset, length) -> {
              throw failure;
            },
            () -> 0)) {
      assertSame(failure, assertThrows(OutOfMemoryError.class, () -> ahead.next(null)));
    }
    CountDownLatch never = new CountDownLatch(1);
    ReadAhead stuck =
        new ReadAhead(
            "y",
            (target, offset, length) -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return 1;
            },
            () -> 0);
    stuck.close();
    assertEquals(0, threads(Path.of("y")));
  }

  /** A character of two parts into room for one. */
  @Test
  void oneCharacterAtATime() throws IOException {
    String text = "a\uD83D\uDE00b".repeat(30_000);
    Path file = Files.writeString(folder.resolve("t.csv"), text);
    for (int sample : new int[] {0, 1, 2, 3, 100}) {
      try (TextSource source = TextSource.open("t", file, null)) {
        char[] seen = source.peek(sample);
        assertEquals(text.substring(0, seen.length), new String(seen));
        StringBuilder read = new StringBuilder();
        char[] one = new char[1];
        while (source.read(one, 0, 1, 1) == 1) {
          read.append(one[0]);
        }
        assertEquals(text, read.toString());
      }
    }
  }
}
