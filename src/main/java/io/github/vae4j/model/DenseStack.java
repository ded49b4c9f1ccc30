// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.ParameterLayout.DenseParameters;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ops of an encoder or a decoder: hidden layers, then a linear head. Its tensors belong to the
 * arena it was planned in.
 */
public final class DenseStack {
  private final Backend backend;
  private final Arena arena;
  private final List<DenseParameters> places;
  private final List<Dense> forward = new ArrayList<>();

  /**
   * Plans the forward pass.
   *
   * @param backend allocates
   * @param arena owns what is allocated
   * @param places where each layer's parameters lie, the head's last
   * @param hidden the layers before the head
   * @param parameters the flat arena of all parameters
   * @param input FLOAT32 (..., inputs of the first layer)
   */
  public DenseStack(
      Backend backend,
      Arena arena,
      List<DenseParameters> places,
      List<Layer> hidden,
      Tensor parameters,
      Tensor input) {
    this.backend = backend;
    this.arena = arena;
    this.places = places;
    List<Activation> activations = new ArrayList<>();
    for (Layer layer : hidden) {
      activations.add(((Layer.Dense) layer).activation());
    }
    activations.add(Activation.IDENTITY);
    Tensor x = input;
    for (int i = 0; i < places.size(); i++) {
      Dense layer = layer(places.get(i), activations.get(i), parameters, x);
      forward.add(layer);
      x = layer.y();
    }
  }

  private Dense layer(DenseParameters place, Activation activation, Tensor parameters, Tensor x) {
    int[] dims = Widths.like(x, place.outputs());
    Tensor y = backend.tensor(arena, dims);
    Tensor v = activation.needsPreactivation() ? backend.tensor(arena, dims) : null;
    return new Dense(x, place.weight(parameters), place.bias(parameters), v, y, activation);
  }

  /**
   * The ops from input to output.
   *
   * @return one dense op a layer
   */
  public List<Op> forward() {
    return List.copyOf(forward);
  }

  /**
   * The head's output.
   *
   * @return FLOAT32 (..., outputs of the head)
   */
  public Tensor output() {
    return forward.get(forward.size() - 1).y();
  }

  /**
   * Plans the backward pass.
   *
   * @param gradients the flat arena of all gradients
   * @param dOutput FLOAT32 like {@link #output}: the gradient to start from; overwritten
   * @param dInput FLOAT32 like the input: receives its gradient; null where it is not needed
   * @return the ops, the head's first
   */
  public List<Op> backward(Tensor gradients, Tensor dOutput, @Nullable Tensor dInput) {
    List<Op> backward = new ArrayList<>();
    Tensor dy = dOutput;
    for (int i = forward.size() - 1; i >= 0; i--) {
      Dense layer = forward.get(i);
      DenseParameters place = places.get(i);
      Tensor dx = i == 0 ? dInput : backend.tensor(arena, Widths.like(layer.x()));
      backward.add(
          new DenseBackward(layer, dy, dx, place.weight(gradients), place.bias(gradients)));
      if (dx != null) {
        dy = dx;
      }
    }
    return backward;
  }
}
