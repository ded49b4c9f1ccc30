// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import java.util.ArrayList;
import java.util.List;

/**
 * A sequence of layers, each with its name and the shapes of its input and output: hidden layers,
 * then a linear head.
 *
 * @param layers the hidden layers, then the head
 */
public record Net(List<Placed> layers) {
  /**
   * A layer of a net.
   *
   * @param name the first part of its parameters' names: {@code encoder.0}
   * @param layer the layer
   * @param input the shape of its input
   * @param output the shape of its output
   */
  public record Placed(String name, Layer layer, Shape input, Shape output) {}

  /** Copies the list. {@inheritDoc} */
  public Net {
    layers = List.copyOf(layers);
  }

  /**
   * Infers the shapes of a net.
   *
   * @param name of the net, as in {@code encoder}; the names of hidden layers append a number to it
   * @param input the shape of a row
   * @param hidden the layers before the head; may be empty
   * @param headName the name of the head
   * @param outputs of the head
   * @return the net
   * @throws IllegalArgumentException if a layer does not accept the shape of its input; the message
   *     names the layer
   */
  public static Net of(String name, Shape input, List<Layer> hidden, String headName, int outputs) {
    List<Placed> layers = new ArrayList<>();
    Shape shape = input;
    for (int i = 0; i < hidden.size(); i++) {
      Placed placed = place(name + "." + i, hidden.get(i), shape);
      layers.add(placed);
      shape = placed.output();
    }
    layers.add(place(headName, new Layer.Dense(outputs, Activation.IDENTITY), shape));
    return new Net(layers);
  }

  private static Placed place(String name, Layer layer, Shape input) {
    try {
      return new Placed(name, layer, input, layer.output(input));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * The shape of a row of the net's input.
   *
   * @return the first layer's input
   */
  public Shape input() {
    return layers.get(0).input();
  }
}
