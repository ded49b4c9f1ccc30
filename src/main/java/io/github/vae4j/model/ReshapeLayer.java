// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;

/**
 * A flat row as an image. The row has PyTorch's order: channel by channel.
 *
 * @param shape of the image
 */
public record ReshapeLayer(Shape shape) implements Layer {
  static final String NAME = "reshape";

  @Override
  public boolean flat() {
    return true;
  }

  @Override
  public boolean reshapes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    if (input.size() != shape.size()) {
      throw new IllegalArgumentException(
          name() + ": expected rows of " + shape.size() + " values, given " + input);
    }
    return shape;
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    return List.of();
  }

  @Override
  public List<Layer> reversed(Shape input) {
    return input.isFlat()
        ? List.of(new FlattenLayer())
        : List.of(new FlattenLayer(), new ReshapeLayer(input));
  }

  @Override
  public String name() {
    return NAME + ":" + shape.channels() + "x" + shape.height() + "x" + shape.width();
  }
}
