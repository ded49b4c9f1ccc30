// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A residual block (He et al. 2016): the sum of the layers' output and of the input, which a
 * shortcut brings into the output's shape. The shortcut is the identity where the shapes are equal;
 * else a 1 x 1 convolution, with a stride where the output is smaller; where the output is larger
 * the pixels are repeated first.
 *
 * @param layers of the block
 */
public record ResidualLayer(List<Layer> layers) implements Layer {
  static final String NAME = "res";
  private static final String SHORTCUT = "shortcut";

  /** Copies the list. {@inheritDoc} */
  public ResidualLayer {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(NAME + ": expected 1 layer or more, given none");
    }
    if (1 + depth(layers) > LayerText.MOST_DEPTH) {
      throw new IllegalArgumentException(
          NAME + ": expected at most " + LayerText.MOST_DEPTH + " blocks in each other");
    }
  }

  private static int depth(List<Layer> layers) {
    return layers.stream().mapToInt(Layer::depth).max().orElse(0);
  }

  @Override
  public int depth() {
    return 1 + depth(layers);
  }

  /**
   * The layers with their names and shapes.
   *
   * @param name of the block
   * @param input the shape of its input
   * @return a net without a head
   */
  public Net body(String name, Shape input) {
    return Net.ofLayers(name, input, layers);
  }

  /**
   * The layers of the shortcut.
   *
   * @param name of the block
   * @param input the shape of the block's input
   * @return a net without a head; without layers for the identity
   */
  public Net shortcut(String name, Shape input) {
    return shortcut(name, input, body(name, input).output());
  }

  private static Net shortcut(String name, Shape input, Shape output) {
    List<Net.Placed> placed = new ArrayList<>();
    Shape at = input;
    if (!output.equals(input)) {
      if (output.height() > input.height() || output.width() > input.width()) {
        Layer up =
            new UpsampleLayer(
                factor(output, input, output.height(), input.height()),
                factor(output, input, output.width(), input.width()),
                false);
        placed.add(new Net.Placed(name + "." + SHORTCUT, up, at, up.output(at)));
        at = up.output(at);
      }
      Window window =
          new Window(
              1,
              1,
              factor(output, input, at.height(), output.height()),
              factor(output, input, at.width(), output.width()),
              0,
              0,
              1,
              1);
      Layer conv = ConvLayer.of(output.channels(), window, Activation.IDENTITY);
      placed.add(new Net.Placed(name + "." + SHORTCUT, conv, at, conv.output(at)));
    }
    return new Net(placed, 1);
  }

  private static int factor(Shape output, Shape input, int large, int small) {
    if (large % small != 0) {
      throw new IllegalArgumentException(
          NAME
              + ": expected an output whose sizes are multiples or whole parts of the input's, "
              + input
              + ", given "
              + output);
    }
    return large / small;
  }

  @Override
  public List<Net.Placed> inner(String name, Shape input) {
    List<Net.Placed> all = new ArrayList<>(body(name, input).layers());
    all.addAll(shortcut(name, input).layers());
    return all;
  }

  @Override
  public boolean spatial() {
    return layers.stream().anyMatch(Layer::spatial);
  }

  @Override
  public boolean flattens() {
    return Net.isFlat(false, layers);
  }

  @Override
  public boolean mixesRows() {
    return layers.stream().anyMatch(Layer::mixesRows);
  }

  @Override
  public Layer with(Activation function) {
    return new ResidualLayer(Layers.with(layers, function));
  }

  @Override
  public boolean reshapes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    Shape output = body(NAME, input).output();
    shortcut(NAME, input, output);
    return output;
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    List<Parameter> parameters = new ArrayList<>();
    for (Net net : List.of(body("", input), shortcut("", input))) {
      for (Net.Placed placed : net.layers()) {
        for (Parameter own : placed.layer().parameters(placed.input())) {
          String name = placed.name().substring(1) + "." + own.name();
          parameters.add(new Parameter(name, own.dims(), own.role()));
        }
      }
    }
    return parameters;
  }

  @Override
  public List<Layer> reversed(Shape input) {
    throw new IllegalArgumentException(
        NAME
            + ": the decoder's layers are not inferred from a residual block: give them (VaeSpec.decoder)");
  }

  @Override
  public String name() {
    return layers.stream()
        .map(LayerText::withActivation)
        .collect(Collectors.joining(",", NAME + "(", ")"));
  }
}
