// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;

/** An image as a flat row, in PyTorch's order: channel by channel. */
public record FlattenLayer() implements Layer {
  static final String NAME = "flatten";

  @Override
  public boolean reshapes() {
    return true;
  }

  @Override
  public boolean flattens() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    return Shape.flat(input.size());
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    return List.of();
  }

  @Override
  public List<Layer> reversed(Shape input) {
    return List.of(new ReshapeLayer(input));
  }

  @Override
  public String name() {
    return NAME;
  }
}
