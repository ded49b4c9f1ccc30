// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RowReading;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.tensor.Arena;
import org.jspecify.annotations.Nullable;

/** Opens the rows of a run with their masks and weights. */
public final class RowFiles {
  private RowFiles() {}

  /**
   * Opens the training rows of a run, before some of them are held out.
   *
   * @param source the data of the run
   * @param arena closes the opened data sets
   * @return the rows
   */
  public static DataSet train(DataSource source, Arena arena) {
    RowReading reading = source.readingOrPlain();
    return open(source.train(), reading, reading.mask(), reading.weights(), arena);
  }

  /**
   * Opens the test rows of a run.
   *
   * @param source the data of the run
   * @param spec its test data
   * @param arena closes the opened data sets
   * @return the rows
   */
  public static DataSet test(DataSource source, String spec, Arena arena) {
    RowReading reading = source.readingOrPlain();
    return open(spec, reading, reading.testMask(), null, arena);
  }

  private static DataSet open(
      String spec,
      RowReading reading,
      @Nullable String mask,
      @Nullable String weights,
      Arena arena) {
    OpenOptions options = OpenOptions.defaults().withMissing(reading.missing());
    DataSet all = arena.own(DataSets.open(spec, options));
    return with(reading.columns().apply(all), mask, weights, arena);
  }

  /**
   * Adds a mask and weights from files to rows.
   *
   * @param rows the columns that are modelled
   * @param mask a file of their shape; null for none
   * @param weights a file with a weight for each row; null for none
   * @param arena closes the opened data sets
   * @return the rows with both
   */
  public static DataSet with(
      DataSet rows, @Nullable String mask, @Nullable String weights, Arena arena) {
    DataSet seen = mask == null ? rows : DataViews.masked(rows, arena.own(DataSets.open(mask)));
    return weights == null ? seen : DataViews.weighted(seen, weights(rows, weights));
  }

  private static float[] weights(DataSet rows, String file) {
    try (DataSet weights = DataSets.open(file)) {
      if (weights.rows() != rows.rows() || weights.features() != 1) {
        throw new DataException(
            "%s: expected %d weights, one a row of %s, given %d x %d"
                .formatted(file, rows.rows(), rows.name(), weights.rows(), weights.features()));
      }
      return DataSets.values(weights, 0, weights.rows()).values();
    }
  }
}
