// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Net;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Layer.Dense}: its weight is NAME.weight, its bias NAME.bias. */
final class DenseStage implements Stage {
  private final String name;
  private final Dense forward;

  DenseStage(Pass pass, Net.Placed placed, Layer.Dense layer, Tensor input) {
    name = placed.name();
    int[] shape = input.shape(layer.units());
    boolean kept = layer.activation().needsPreactivation();
    Tensor output = pass.tensor(shape);
    forward =
        new Dense(
            input,
            pass.parameters().tensor(name + ".weight"),
            pass.parameters().tensor(name + ".bias"),
            kept ? pass.tensor(shape) : null,
            output,
            layer.activation());
  }

  @Override
  public Tensor output() {
    return forward.y();
  }

  @Override
  public List<Op> forward() {
    return List.of(forward);
  }

  @Override
  public List<Op> backward(Parameters gradients, Tensor dOutput, @Nullable Tensor dInput) {
    return List.of(
        new DenseBackward(
            forward,
            dOutput,
            dInput,
            gradients.tensor(name + ".weight"),
            gradients.tensor(name + ".bias")));
  }
}
