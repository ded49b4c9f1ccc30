// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.Locale;

/**
 * The distribution of initial weights. All are uniform; biases are 0 except in {@link #PYTORCH}.
 */
public enum Initializer {
  /** As PyTorch's nn.Linear: weights and biases in +-1 / sqrt(inputs). */
  PYTORCH,
  /** Glorot and Bengio 2010: +-sqrt(6 / (inputs + outputs)). */
  GLOROT,
  /** He et al. 2015: +-sqrt(6 / inputs). */
  HE;

  /**
   * The name used in vae.json and on the command line.
   *
   * @return the name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The largest absolute value of a weight.
   *
   * @param inputs of the layer
   * @param outputs of the layer
   * @return the bound
   */
  public double bound(int inputs, int outputs) {
    return switch (this) {
      case PYTORCH -> 1 / Math.sqrt(inputs);
      case GLOROT -> Math.sqrt(6.0 / (inputs + outputs));
      case HE -> Math.sqrt(6.0 / inputs);
    };
  }
}
