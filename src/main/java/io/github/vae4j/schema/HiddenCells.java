// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.DataViews.RowChange;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import java.util.Arrays;

/**
 * Hides cells of training rows at random, as if they were missing: the encoder learns posteriors of
 * incomplete rows, and the bound is that of the other cells. Because the choice of the hidden cells
 * does not depend on their values, the bound is still one of the model's likelihood (Mattei and
 * Frellsen 2019, "MIWAE: deep generative modelling and imputation of incomplete data sets", section
 * 2).
 */
final class HiddenCells {
  private HiddenCells() {}

  /**
   * Hides cells of each row; equal rows have different cells hidden.
   *
   * @param features of the schema
   * @param share the probability that a cell of a modelled column is hidden
   * @param seed of the choice
   */
  static RowChange of(Features features, double share, long seed) {
    if (share == 0) {
      return (row, values) -> {};
    }
    return (row, values) -> {
      for (Part part : features.modelled()) {
        if (Philox.uniform(seed, Stream.HIDDEN_CELL, 0, row, part.column()) < share) {
          Arrays.fill(values, part.first(), part.first() + part.width(), Float.NaN);
        }
      }
    };
  }
}
