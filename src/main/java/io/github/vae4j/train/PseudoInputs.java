// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.ParameterLayout.TensorParameters;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Permutation;

/**
 * The start of a VampPrior: rows of the data, so that its components start as posteriors of them.
 */
public final class PseudoInputs {
  private PseudoInputs() {}

  /**
   * Sets the pseudo-inputs to different rows, as far as there are so many; a missing value becomes
   * 0.
   *
   * @param spec the model; nothing happens where it has no VampPrior
   * @param layout of the parameters
   * @param weights a flat arena of all parameters, updated
   * @param data the rows
   * @param seed picks the rows
   */
  public static void fill(
      VaeSpec spec, ParameterLayout layout, float[] weights, DataSet data, long seed) {
    if (!(spec.latents().prior() instanceof Prior.Vamp)) {
      return;
    }
    TensorParameters place = layout.tensor(ParameterLayout.PSEUDO_INPUTS);
    Permutation order = new Permutation(seed, 0, data.rows());
    for (int k = 0; k < place.rows(); k++) {
      float[] row = DataSets.values(data, order.at(k % data.rows()), 1).values();
      for (int d = 0; d < place.columns(); d++) {
        weights[place.offset() + k * place.columns() + d] = Float.isNaN(row[d]) ? 0 : row[d];
      }
    }
  }
}
