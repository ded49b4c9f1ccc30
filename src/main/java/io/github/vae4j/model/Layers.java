// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists of hidden layers. */
public final class Layers {
  private Layers() {}

  /**
   * Reads hidden layers.
   *
   * @param text layers as {@link Layer#parse} reads them, separated by commas: {@code
   *     400,norm,200}. A text that names an activation, {@code conv:32x4s2,relu,400}, gives each
   *     layer the one that follows it, or none.
   * @param activation of dense layers and convolutions in a text that names none
   * @return the layers
   * @throws IllegalArgumentException if an item is not a layer
   */
  public static List<Layer> parse(String text, Activation activation) {
    // The activation of a text that names one is that of the layer before it.
    Activation function = activated(text) ? Activation.IDENTITY : activation;
    List<Layer> layers = new ArrayList<>();
    boolean takes = false;
    for (String part : LayerText.split(text)) {
      Activation named = Activation.find(part);
      int last = layers.size() - 1;
      if (named != null && takes) {
        layers.set(last, layers.get(last).with(named));
        takes = false;
      } else {
        Layer layer = Layer.parse(part, function);
        layers.add(layer);
        takes = layer.activation() != null && !layer.isHead();
      }
    }
    return List.copyOf(layers);
  }

  /**
   * Whether a list of layers names activations.
   *
   * @param text the list
   * @return whether {@link #parse} takes the activations from the text
   */
  public static boolean activated(String text) {
    return LayerText.namesActivation(text);
  }

  /**
   * The layers of the decoder for an encoder of flat rows, as {@link #mirrored(List, Shape)}.
   *
   * @param encoder hidden layers
   * @return hidden layers
   */
  public static List<Layer> mirrored(List<Layer> encoder) {
    return mirrored(encoder, Shape.flat(1));
  }

  /**
   * The layers of the decoder for an encoder: those in the opposite order that bring each layer's
   * output back to its input, each with the activation of the layer before it and the layers that
   * follow that one. Layers before the first one that changes the shape act on the rows x and are
   * not in the decoder.
   *
   * @param encoder hidden layers
   * @param input the shape of a row
   * @return hidden layers; the last one is the head where the encoder's first one is a convolution
   * @throws IllegalArgumentException if the decoder of a layer cannot be inferred
   */
  public static List<Layer> mirrored(List<Layer> encoder, Shape input) {
    return Mirror.of(encoder, input);
  }

  /**
   * The layers of the decoder for an encoder of rows that may be images.
   *
   * @param encoder hidden layers
   * @param features D
   * @param image the shape of a row as an image; null for none
   * @return hidden layers
   */
  public static List<Layer> mirrored(
      List<Layer> encoder, int features, @Nullable ImageShape image) {
    boolean images = encoder.stream().anyMatch(Layer::spatial);
    if (images && image == null) {
      throw Nets.noImages("encoder", "its layers", features);
    }
    return mirrored(encoder, image != null && images ? Shape.of(image) : Shape.flat(features));
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
   * The activation of a list of layers, for further ones: the first that is not the identity.
   *
   * @param layers hidden layers
   * @return its activation; ReLU where there is none
   */
  public static Activation activation(List<Layer> layers) {
    Activation linear = null;
    for (Layer layer : layers) {
      for (String word : LayerText.words(LayerText.withActivation(layer))) {
        Activation activation = Activation.find(word);
        if (activation != null && activation != Activation.IDENTITY) {
          return activation;
        }
        linear = activation == null ? linear : activation;
      }
    }
    return linear == null || layers.stream().anyMatch(Layer::spatial) ? Activation.RELU : linear;
  }

  /**
   * Whether layers have different activations, or activations of their own.
   *
   * @param layers hidden layers
   * @return whether one option cannot set the activation of all
   */
  public static boolean mixed(List<Layer> layers) {
    long different =
        layers.stream()
            .filter(layer -> !layer.isHead())
            .map(Layer::activation)
            .filter(Objects::nonNull)
            .distinct()
            .count();
    return different > 1
        || layers.stream().anyMatch(layer -> LayerText.namesActivation(layer.name()));
  }
}
