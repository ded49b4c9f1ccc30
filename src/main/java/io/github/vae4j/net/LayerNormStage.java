// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.LayerNorm;
import io.github.vae4j.backend.op.LayerNormBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Net;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Layer.LayerNorm}: the scale is NAME.weight, the shift NAME.bias. */
final class LayerNormStage implements Stage {
  private final String name;
  private final LayerNorm forward;

  LayerNormStage(Pass pass, Net.Placed placed, Layer.LayerNorm layer, Tensor input) {
    name = placed.name();
    forward =
        new LayerNorm(
            input,
            pass.parameters().tensor(name + ".weight"),
            pass.parameters().tensor(name + ".bias"),
            moment(pass, input),
            moment(pass, input),
            pass.tensor(input.shape()),
            layer.epsilon());
  }

  /** One value for each row. */
  private static Tensor moment(Pass pass, Tensor input) {
    return pass.tensor(input.rows());
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
        new LayerNormBackward(
            forward,
            dOutput,
            dInput,
            gradients.tensor(name + ".weight"),
            gradients.tensor(name + ".bias")));
  }
}
