// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.model.ParameterLayout.DenseParameters;
import io.github.vae4j.model.ParameterLayout.TensorParameters;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;

/** Draws initial weights: a function of the seed and of each weight's place, on every backend. */
public final class InitialWeights {
  private static final double SPREAD = Math.sqrt(0.75);
  private static final float COMPONENT_LOGVAR = (float) Math.log(0.25);

  private InitialWeights() {}

  /**
   * The weights of a new model. Stream INITIALIZE: layer k's weight (i, o) is at (step 2 k, row i,
   * column o), its bias o at (step 2 k + 1, row 0, column o). Shared parameters of the likelihood
   * are 0. A mixture's components have variance 1/4 and normal means of variance 3/4 at (step 2 n,
   * row k, column j), n the number of layers, so that together they start with the moments of the
   * standard normal; their weights are equal. Pseudo-inputs are uniform in [0, 1) at (step 2 n, row
   * k, column d) until {@code train.PseudoInputs} takes them from data.
   *
   * @param layout where they go
   * @param initializer their distribution
   * @param seed the seed
   * @return a flat arena of {@link ParameterLayout#length} values
   */
  public static float[] draw(ParameterLayout layout, Initializer initializer, long seed) {
    float[] values = new float[layout.length()];
    for (int k = 0; k < layout.layers().size(); k++) {
      DenseParameters layer = layout.layers().get(k);
      double bound = initializer.bound(layer.inputs(), layer.outputs());
      for (int i = 0; i < layer.inputs(); i++) {
        for (int o = 0; o < layer.outputs(); o++) {
          values[layer.weightOffset() + i * layer.outputs() + o] =
              uniform(bound, seed, 2L * k, i, o);
        }
      }
      if (initializer == Initializer.PYTORCH) {
        for (int o = 0; o < layer.outputs(); o++) {
          values[layer.biasOffset() + o] = uniform(bound, seed, 2L * k + 1, 0, o);
        }
      }
    }
    for (TensorParameters tensor : layout.tensors()) {
      draw(tensor, seed, 2L * layout.layers().size(), values);
    }
    return values;
  }

  private static void draw(TensorParameters tensor, long seed, long step, float[] values) {
    for (int k = 0; k < tensor.rows(); k++) {
      for (int j = 0; j < tensor.columns(); j++) {
        values[tensor.offset() + k * tensor.columns() + j] =
            switch (tensor.name()) {
              case ParameterLayout.COMPONENTS ->
                  j < tensor.columns() / 2
                      ? (float) (SPREAD * Philox.normal(seed, Stream.INITIALIZE, step, k, j))
                      : COMPONENT_LOGVAR;
              case ParameterLayout.PSEUDO_INPUTS ->
                  (float) Philox.uniform(seed, Stream.INITIALIZE, step, k, j);
              default -> 0;
            };
      }
    }
  }

  private static float uniform(double bound, long seed, long step, int row, int column) {
    double unit = Philox.uniform(seed, Stream.INITIALIZE, step, row, column);
    return (float) (bound * (2 * unit - 1));
  }
}
