// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import java.util.ArrayList;
import java.util.List;

/** Lists of hidden layers. */
public final class Layers {
  private Layers() {}

  /**
   * Reads hidden layers.
   *
   * @param text layers as {@link Layer#parse} reads them, separated by commas: {@code 400,norm,200}
   * @param activation of dense layers
   * @return the layers
   * @throws IllegalArgumentException if an item is not a layer
   */
  public static List<Layer> parse(String text, Activation activation) {
    List<Layer> layers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      layers.add(Layer.parse(part, activation));
    }
    return List.copyOf(layers);
  }

  /**
   * The layers of the decoder for an encoder: the dense layers in the opposite order, each with the
   * layers that follow it. Layers before the first dense layer act on the rows x and are not in the
   * decoder.
   *
   * @param encoder hidden layers
   * @return hidden layers
   */
  public static List<Layer> mirrored(List<Layer> encoder) {
    List<Layer> mirrored = new ArrayList<>();
    int end = encoder.size();
    for (int i = encoder.size() - 1; i >= 0; i--) {
      if (encoder.get(i).activation() != null) {
        mirrored.addAll(encoder.subList(i, end));
        end = i;
      }
    }
    return List.copyOf(mirrored);
  }

  /**
   * Dense layers.
   *
   * @param units of each layer
   * @param activation of all layers
   * @return hidden layers
   */
  public static List<Layer> dense(List<Integer> units, Activation activation) {
    return units.stream().map(size -> (Layer) new Layer.Dense(size, activation)).toList();
  }

  /**
   * The same layers with another activation of the dense ones.
   *
   * @param layers hidden layers
   * @param activation of dense layers
   * @return hidden layers
   */
  public static List<Layer> with(List<Layer> layers, Activation activation) {
    return layers.stream().map(layer -> layer.with(activation)).toList();
  }

  /**
   * The activation of the first dense layer.
   *
   * @param layers hidden layers
   * @return its activation; ReLU where there is none
   */
  public static Activation activation(List<Layer> layers) {
    for (Layer layer : layers) {
      Activation activation = layer.activation();
      if (activation != null) {
        return activation;
      }
    }
    return Activation.RELU;
  }
}
