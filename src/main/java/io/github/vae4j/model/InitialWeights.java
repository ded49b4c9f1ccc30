package io.github.vae4j.model;

import io.github.vae4j.model.ParameterLayout.DenseParameters;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;

/** Draws initial weights: a function of the seed and of each weight's place, on every backend. */
public final class InitialWeights {
  private InitialWeights() {}

  /**
   * The weights of a new model. Stream INITIALIZE: layer k's weight (i, o) is at (step 2 k, row i,
   * column o), its bias o at (step 2 k + 1, row 0, column o). Shared parameters of the likelihood
   * are 0.
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
    return values;
  }

  private static float uniform(double bound, long seed, long step, int row, int column) {
    double unit = Philox.uniform(seed, Stream.INITIALIZE, step, row, column);
    return (float) (bound * (2 * unit - 1));
  }
}
