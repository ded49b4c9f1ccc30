// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.data.DataViews.RowChange;
import java.util.Arrays;

/** The rows of a table that a model is trained with. */
public final class TrainingRows {
  private TrainingRows() {}

  /**
   * Refuses a probability that cells cannot be hidden with.
   *
   * @param name of the setting, for the message
   * @param hidden the probability
   * @throws IllegalArgumentException if it is below 0, or 1 or more, or NaN
   */
  public static void requireHidden(String name, double hidden) {
    if (!(hidden >= 0 && hidden < 1)) {
      throw new IllegalArgumentException(
          name + ": expected 0 or more and less than 1, given " + hidden);
    }
  }

  /**
   * Each row several times, each time with another uniform noise of the width of its columns'
   * resolutions, and with other cells hidden.
   *
   * @param features of the schema
   * @param rows encoded rows; must stay open
   * @param passes the number of times that each row is in the result
   * @param hidden the probability that a cell is hidden, as if it were missing: 0 or more, below 1
   * @param seed of the noise and of the choice of hidden cells
   * @return the rows, those of a pass after those of another; the caller closes them
   */
  public static DataSet of(Features features, DataSet rows, int passes, double hidden, long seed) {
    int[] all = new int[Math.multiplyExact(rows.rows(), passes)];
    Arrays.setAll(all, i -> i % rows.rows());
    RowChange noise = Dither.of(features, seed);
    RowChange hiding = HiddenCells.of(features, hidden, seed);
    return DataViews.changed(
        DataSets.rows(rows, all),
        (row, values) -> {
          noise.apply(row, values);
          hiding.apply(row, values);
        });
  }
}
