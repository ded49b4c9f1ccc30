// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RowReading;
import io.github.vae4j.data.ArrayOptions;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.tensor.Arena;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Opens the rows of a run with their masks and weights. */
public final class RowFiles {
  private RowFiles() {}

  /**
   * Opens the training rows of a run, before some of them are held out.
   *
   * @param source the data of the run
   * @param expected the rows of the model
   * @param arena closes the opened data sets
   * @return the rows
   */
  public static DataSet train(DataSource source, Expected expected, Arena arena) {
    RowReading reading = source.readingOrPlain();
    return open(source.train(), reading, expected, reading.mask(), reading.weights(), arena);
  }

  /**
   * Opens the test rows of a run.
   *
   * @param source the data of the run
   * @param spec its test data
   * @param expected the rows of the model
   * @param arena closes the opened data sets
   * @return the rows
   */
  public static DataSet test(DataSource source, String spec, Expected expected, Arena arena) {
    RowReading reading = source.readingOrPlain();
    return open(spec, reading, expected, reading.testMask(), null, arena);
  }

  private static DataSet open(
      String spec,
      RowReading reading,
      Expected expected,
      @Nullable String mask,
      @Nullable String weights,
      Arena arena) {
    TableReading table = expected.table();
    if (table != null) {
      DataSet rows = table.open(spec, arena);
      return expected.fit(with(rows, RowReading.PLAIN, null, weights, arena), RowReading.PLAIN);
    }
    DataSet all = arena.own(DataSets.open(spec, expected.options(spec, reading)));
    DataSet rows = with(reading.columns().apply(all), reading, mask, weights, arena);
    return expected.fit(rows, reading);
  }

  /**
   * Adds a mask and weights from files to rows.
   *
   * @param rows the columns that are modelled
   * @param reading of the rows; a mask has the same order of dimensions
   * @param mask a file of their shape; null for none
   * @param weights a file with a weight for each row; null for none
   * @param arena closes the opened data sets
   * @return the rows with both
   */
  public static DataSet with(
      DataSet rows,
      RowReading reading,
      @Nullable String mask,
      @Nullable String weights,
      Arena arena) {
    ArrayOptions arrays = reading.arraysOrPlain().withBytes(null);
    OpenOptions options = OpenOptions.defaults().withArrays(arrays);
    DataSet seen =
        mask == null
            ? rows
            : DataViews.masked(rows, inOrder(rows, arena.own(DataSets.open(mask, options))));
    return weights == null ? seen : DataViews.weighted(seen, weights(rows, weights));
  }

  /** A mask by the names of the rows; by position where it has none of these names. */
  private static DataSet inOrder(DataSet rows, DataSet mask) {
    List<String> names = rows.columns();
    List<String> own = mask.columns();
    boolean named = names != null && own != null && !Collections.disjoint(names, own);
    return named ? new DataNames(names, null, null).match(mask) : mask;
  }

  private static float[] weights(DataSet rows, String file) {
    try (DataSet weights = DataSets.open(file)) {
      if (weights.rows() != rows.rows() || weights.features() != 1) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: expected %d weights, one a row of %s, given %d x %d",
                file,
                rows.rows(),
                rows.name(),
                weights.rows(),
                weights.features()));
      }
      return DataSets.values(weights, 0, weights.rows()).values();
    }
  }
}
