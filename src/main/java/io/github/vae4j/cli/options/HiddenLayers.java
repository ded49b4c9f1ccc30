// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Layers;
import java.util.List;

/**
 * Hidden layers from the command line. Unless the text names activations, another option has the
 * activation of all layers.
 *
 * @param layers from x to z, or from z to x; empty for none
 * @param activated whether the text names activations
 */
record HiddenLayers(List<Layer> layers, boolean activated) {
  private static final String NONE = "none";

  HiddenLayers {
    layers = List.copyOf(layers);
  }

  /** The layers with an activation, if the text names none. */
  List<Layer> with(Activation function) {
    return activated ? layers : Layers.with(layers, function);
  }

  /** Reads {@code 400,norm,200}, or {@code none}. */
  static HiddenLayers parse(String text) {
    if (text.equals(NONE)) {
      return new HiddenLayers(List.of(), false);
    }
    try {
      return new HiddenLayers(Layers.parse(text, Activation.RELU), Layers.activated(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected layers as in 400,200, 400,norm,dropout:0.1 or conv:32x4s2,relu,256, or none, given \""
              + text
              + "\": "
              + e.getMessage(),
          e);
    }
  }
}
