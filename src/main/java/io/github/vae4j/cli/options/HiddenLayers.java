// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Layers;
import java.util.List;

/**
 * Hidden layers from the command line, without their activation, which is another option.
 *
 * @param layers from x to z; empty for none
 */
record HiddenLayers(List<Layer> layers) {
  private static final String NONE = "none";

  HiddenLayers {
    layers = List.copyOf(layers);
  }

  /** Reads {@code 400,norm,200}, or {@code none}. */
  static HiddenLayers parse(String text) {
    if (text.equals(NONE)) {
      return new HiddenLayers(List.of());
    }
    try {
      return new HiddenLayers(Layers.parse(text, Activation.RELU));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected layers as in 400,200 or 400,norm,dropout:0.1, or none, given \""
              + text
              + "\": "
              + e.getMessage(),
          e);
    }
  }
}
