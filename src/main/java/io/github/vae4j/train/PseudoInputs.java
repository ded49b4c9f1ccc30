// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.ParameterLayout.Place;
import io.github.vae4j.random.Permutation;

/**
 * The initial pseudo-inputs of a VampPrior: rows of the data, so that the initial components are
 * posteriors of rows.
 */
public final class PseudoInputs {
  private PseudoInputs() {}

  /**
   * Sets the pseudo-inputs to rows, all different if there are enough; a missing value becomes 0.
   *
   * @param layout of the parameters; the weights do not change if the model has no VampPrior
   * @param weights a flat arena of all parameters, updated
   * @param data the rows
   * @param seed of the choice of rows
   */
  public static void fill(ParameterLayout layout, float[] weights, DataSet data, long seed) {
    if (!layout.has(ParameterLayout.PSEUDO_INPUTS)) {
      return;
    }
    Place place = layout.place(ParameterLayout.PSEUDO_INPUTS);
    int count = place.parameter().dims().get(0);
    int columns = place.parameter().dims().get(1);
    Permutation order = new Permutation(seed, 0, data.rows());
    for (int k = 0; k < count; k++) {
      float[] row = DataSets.values(data, order.at(k % data.rows()), 1).values();
      for (int d = 0; d < columns; d++) {
        weights[place.offset() + k * columns + d] = Float.isNaN(row[d]) ? 0 : row[d];
      }
    }
  }
}
