// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of synthetic rows that are compared with real ones. */
public final class SyntheticOptions {
  @Option(
      names = "--synthetic",
      paramLabel = "FILE",
      description =
          "Tables: also compare the rows of FILE, of this model's sample or of another program, with"
              + " held-out rows: columns, pairs of columns, copies of training rows, and a classifier"
              + " that tells the two apart.")
  private @Nullable String synthetic;

  @Option(
      names = "--train-data",
      paramLabel = "FILE",
      description =
          "The training rows for --synthetic, if --data has other rows than the run's training data"
              + " (default: those of the run, without --data or if --data is its training data).")
  private @Nullable String training;

  /**
   * The synthetic rows.
   *
   * @return a table; null for none
   */
  public @Nullable String synthetic() {
    return synthetic;
  }

  /**
   * The training rows.
   *
   * @return a table; null for those of the run
   */
  public @Nullable String training() {
    return training;
  }

  /**
   * Refuses options that exclude each other.
   *
   * @param data the options of the real rows
   * @throws IllegalArgumentException if there are some
   */
  public void check(DataOptions data) {
    if (training != null && synthetic == null) {
      throw new IllegalArgumentException(
          "--train-data is for --synthetic: give --synthetic FILE as well");
    }
    if (training != null && !data.isGiven()) {
      throw new IllegalArgumentException(
          "--train-data: without --data the run's own training and held-out rows are used; give --data"
              + " FILE with held-out rows, or leave --train-data out");
    }
    if (synthetic != null && data.hasLimit()) {
      throw new IllegalArgumentException(
          "--limit: not with --synthetic, which draws at most 20,000 rows of each table by --seed");
    }
  }
}
