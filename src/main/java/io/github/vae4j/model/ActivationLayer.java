// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import java.util.List;

/**
 * An activation on its own, as after a normalisation. It keeps its function where one option sets
 * the activation of all layers.
 *
 * @param function the activation
 */
public record ActivationLayer(Activation function) implements Layer {
  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    return List.of();
  }

  @Override
  public String name() {
    return function.id();
  }
}
