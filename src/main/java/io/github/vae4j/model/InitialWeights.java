// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.model.Parameter.Role;
import io.github.vae4j.model.ParameterLayout.Place;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import java.util.Arrays;
import java.util.List;

/**
 * Draws initial weights: a function of the seed and of each weight's place, the same for every
 * backend.
 */
public final class InitialWeights {
  private static final double SPREAD = Math.sqrt(0.75);
  private static final float COMPONENT_LOGVAR = (float) Math.log(0.25);

  private final ParameterLayout layout;
  private final long seed;
  private final float[] values;

  private InitialWeights(ParameterLayout layout, long seed) {
    this.layout = layout;
    this.seed = seed;
    values = new float[layout.length()];
  }

  /**
   * The weights of a new model. Stream INITIALIZE: the weight (i, o) of dense layer k is at (step 2
   * k, row i, column o), its bias o at (step 2 k + 1, row 0, column o). A convolution counts as
   * such a layer: its i is the first index of a filter, its o the place in the filter. Scales and
   * running variances of normalisations are 1, their shifts and running means 0, shared parameters
   * of the likelihood 0. A mixture's components have variance 1/4 and normal means of variance 3/4
   * at (step 2 n, row k, column j), n the number of these layers, so that the initial mixture has
   * the moments of the standard normal; the weights of the components are equal. Pseudo-inputs are
   * uniform in [0, 1) at (step 2 n, row k, column d) until {@code train.PseudoInputs} takes them
   * from data.
   *
   * @param layout the place of each weight
   * @param initializer the distribution of dense layers
   * @param seed the seed
   * @return a flat arena of {@link ParameterLayout#length} values
   */
  public static float[] draw(ParameterLayout layout, Initializer initializer, long seed) {
    InitialWeights weights = new InitialWeights(layout, seed);
    for (Place place : layout.places()) {
      float initial = place.parameter().role().initial();
      Arrays.fill(weights.values, place.offset(), place.offset() + place.length(), initial);
    }
    int step = 0;
    for (Net net : layout.nets()) {
      for (Net.Placed placed : net.layers()) {
        step = weights.drawLayer(placed, initializer, step);
      }
    }
    weights.drawPrior(step);
    return weights.values;
  }

  /** Draws each matrix or filter of a layer, and the bias that follows it. */
  private int drawLayer(Net.Placed placed, Initializer initializer, int first) {
    int step = first;
    double bound = 0;
    for (Parameter parameter : placed.layer().parameters(placed.input())) {
      Place place = layout.place(placed.name() + "." + parameter.name());
      if (parameter.role() == Role.WEIGHT || parameter.role() == Role.FILTER) {
        bound = bound(parameter, initializer);
        draw(place, bound, step);
        step += 2;
      } else if (parameter.role() == Role.BIAS && initializer == Initializer.PYTORCH) {
        for (int o = 0; o < place.length(); o++) {
          values[place.offset() + o] = uniform(bound, step - 1, 0, o);
        }
      }
    }
    return step;
  }

  private static double bound(Parameter weight, Initializer initializer) {
    List<Integer> dims = weight.dims();
    if (weight.role() == Role.WEIGHT) {
      return initializer.bound(dims.get(0), dims.get(1));
    }
    int taps = dims.get(1) * dims.get(2);
    return initializer.bound(taps * dims.get(3), taps * dims.get(0));
  }

  private void draw(Place weight, double bound, int step) {
    int rows = weight.parameter().dims().get(0);
    int columns = weight.length() / rows;
    for (int i = 0; i < rows; i++) {
      for (int o = 0; o < columns; o++) {
        values[weight.offset() + i * columns + o] = uniform(bound, step, i, o);
      }
    }
  }

  private void drawPrior(long step) {
    if (layout.has(ParameterLayout.COMPONENTS)) {
      Place place = layout.place(ParameterLayout.COMPONENTS);
      int columns = place.parameter().dims().get(1);
      int length = place.length();
      for (int i = 0; i < length; i++) {
        int j = i % columns;
        values[place.offset() + i] =
            j < columns / 2
                ? (float) (SPREAD * Philox.normal(seed, Stream.INITIALIZE, step, i / columns, j))
                : COMPONENT_LOGVAR;
      }
    }
    if (layout.has(ParameterLayout.PSEUDO_INPUTS)) {
      Place place = layout.place(ParameterLayout.PSEUDO_INPUTS);
      int columns = place.parameter().dims().get(1);
      int length = place.length();
      for (int i = 0; i < length; i++) {
        values[place.offset() + i] =
            (float) Philox.uniform(seed, Stream.INITIALIZE, step, i / columns, i % columns);
      }
    }
  }

  private float uniform(double bound, long step, int row, int column) {
    double unit = Philox.uniform(seed, Stream.INITIALIZE, step, row, column);
    return (float) (bound * (2 * unit - 1));
  }
}
