// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of layers, each with its name and the shapes of its input and output: hidden layers,
 * then a linear head.
 *
 * @param layers the hidden layers, then the head
 * @param parts the number of values that the head has for each value of a row: the channels of an
 *     image are those of the first part, then those of the second
 */
public record Net(List<Placed> layers, int parts) {
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
   * The head that a net shall have.
   *
   * @param name of the head
   * @param outputs the number of its outputs for a row
   * @param parts the number of outputs for each value of a row
   * @param image the shape of the row, whose height and width an image at the net's end must have;
   *     null if an image of any size is flattened
   */
  record Head(String name, int outputs, int parts, @Nullable Shape image) {}

  /**
   * Infers the shapes of a net with a dense head.
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
    return of(name, input, hidden, new Head(headName, outputs, 1, null));
  }

  /** Infers the shapes of a net. If the last layer is a head itself, no other is added. */
  static Net of(String name, Shape input, List<Layer> hidden, Head head) {
    int last = hidden.size() - 1;
    boolean own = last >= 0 && hidden.get(last).isHead();
    List<Layer> before = own ? hidden.subList(0, last) : hidden;
    List<Placed> layers = new ArrayList<>(ofLayers(name, input, before).layers());
    Shape shape = layers.isEmpty() ? input : layers.get(layers.size() - 1).output();
    if (own) {
      String place = name + "." + last;
      Layer given = hidden.get(last);
      requirePixels(place, before, given, shape);
      Shape size = named(place, () -> given.headSize(shape));
      checkImage(name, place + " (" + given.name() + ")", size, head.image());
      Layer layer = named(place, () -> given.head(shape, head.outputs(), head.parts()));
      layers.add(place(head.name(), layer, shape));
    } else {
      layers.add(place(head.name(), inferred(name, layers, shape, head), shape));
    }
    return new Net(layers, head.parts());
  }

  private static Layer inferred(String name, List<Placed> before, Shape shape, Head head) {
    if (shape.isFlat() || head.image() == null) {
      return new Layer.Dense(head.outputs(), Activation.IDENTITY);
    }
    String last = name;
    if (!before.isEmpty()) {
      Placed placed = before.get(before.size() - 1);
      last = placed.name() + " (" + placed.layer().name() + ")";
    }
    checkImage(name, last, shape, head.image());
    return ConvLayer.of(ConvLayer.OUT, Window.square(1, 1, 0), Activation.IDENTITY)
        .head(shape, head.outputs(), head.parts());
  }

  private static void checkImage(String name, String last, Shape given, @Nullable Shape image) {
    if (image != null && (given.height() != image.height() || given.width() != image.width())) {
      throw new IllegalArgumentException(
          name
              + ": expected an output of "
              + image.height()
              + " x "
              + image.width()
              + " pixels, those of the data, given "
              + given.height()
              + " x "
              + given.width()
              + " from "
              + last
              + ": change the kernel, stride, padding or output padding of the layers, or end with"
              + " flatten");
    }
  }

  /** Infers the shapes of layers without a head. */
  static Net ofLayers(String name, Shape input, List<Layer> layers) {
    return ofLayers(name, 0, input, layers);
  }

  /** The same of layers whose names have numbers from a first one. */
  static Net ofLayers(String name, int first, Shape input, List<Layer> layers) {
    List<Placed> placed = new ArrayList<>();
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      requirePixels(name + "." + (first + i), layers.subList(0, i), layer, shape);
      if (layer.isHead()) {
        throw new IllegalArgumentException(
            name + "." + (first + i) + ": " + layer.name() + ": expected in the last place alone");
      }
      Placed next = place(name + "." + (first + i), layer, shape);
      placed.add(next);
      shape = next.output();
    }
    return new Net(placed, 1);
  }

  /**
   * Whether a row is flat after some layers.
   *
   * @param before whether it is flat before them; codes and rows that are no image pass for images
   *     of one pixel
   */
  static boolean isFlat(boolean before, List<Layer> layers) {
    boolean flat = before;
    for (Layer layer : layers) {
      flat = layer.flattens() || (flat && !layer.flat());
    }
    return flat;
  }

  /** Refuses a layer of images after one that gives flat rows: they have no pixels. */
  private static void requirePixels(String name, List<Layer> before, Layer layer, Shape input) {
    if (layer.spatial() && isFlat(false, before)) {
      throw new IllegalArgumentException(
          name
              + ": "
              + layer.name()
              + ": expected an image, given a flat row of "
              + input
              + " values; put "
              + ReshapeLayer.NAME
              + ":CHANNELSxHEIGHTxWIDTH before it");
    }
  }

  private static Placed place(String name, Layer layer, Shape input) {
    Shape seen = layer.flat() ? Shape.flat(input.size()) : input;
    return new Placed(name, layer, input, named(name, () -> layer.output(seen)));
  }

  /** The result of a body, whose error gets a name at its beginning. */
  static <T> T named(String name, Supplier<T> body) {
    try {
      return body.get();
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

  /**
   * The number of inputs of a row.
   *
   * @return the size of {@link #input}; 1 for a net without layers
   */
  public int inputs() {
    return layers.isEmpty() ? 1 : input().size();
  }

  /**
   * The layer whose output is the largest, for messages.
   *
   * @param rows of a batch
   * @return its name, its text and the size of its output
   */
  public String largest(int rows) {
    return layers.stream()
        .max(Comparator.comparingInt(placed -> placed.output().size()))
        .map(
            placed ->
                placed.name()
                    + " ("
                    + placed.layer().name()
                    + ": "
                    + rows
                    + " rows of "
                    + placed.output()
                    + " values)")
        .orElse("none");
  }

  /**
   * The number of outputs for a row.
   *
   * @return the size of {@link #output}
   */
  public int outputs() {
    return output().size();
  }

  /**
   * The shape of a row of the net's output.
   *
   * @return the last layer's output
   */
  public Shape output() {
    return layers.get(layers.size() - 1).output();
  }
}
