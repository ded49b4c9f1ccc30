// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A raw table of claims: identifiers, times, amounts, texts, empty cells. */
final class Claims {
  static final String REFERENCE = "--backend=reference";
  static final String HEADER = "tx_id,time,amount,currency,age,note,fraud\n";

  private Claims() {}

  /** Writes 120 rows. */
  static Path write(Path folder) throws IOException {
    return Files.writeString(folder.resolve("claims.csv"), HEADER + String.join("", rows(120)));
  }

  static List<String> rows(int count) {
    Random random = new Random(7);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          String.format(
              "T%04d,2026-03-%02d %02d:15:00,%.2f,%s,%s,paid by customer number %d at the desk,%d%n",
              i * 31,
              1 + i % 28,
              i % 24,
              Math.exp(3 + random.nextGaussian()),
              i % 3 == 0 ? "USD" : "EUR",
              i % 9 == 0 ? "" : Integer.toString(20 + i * 7 % 50),
              i,
              i % 40 == 0 ? 1 : 0));
    }
    return rows;
  }

  /** Trains a small model. */
  static Cli train(Path data, Path run, int epochs, String... more) {
    List<String> arguments =
        List.of(
            "train",
            "--data=" + data,
            "--out=" + run,
            "--epochs=" + epochs,
            "--hidden=6",
            REFERENCE);
    return Cli.ok(Cli.with(arguments, more));
  }
}
