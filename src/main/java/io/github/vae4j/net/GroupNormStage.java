// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.GroupNorm;
import io.github.vae4j.backend.op.GroupNormBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.GroupNormLayer;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.Shape;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link GroupNormLayer}: the scale is NAME.weight, the shift NAME.bias. */
final class GroupNormStage implements Stage {
  private final String name;
  private final Tensor output;
  private final GroupNorm forward;

  GroupNormStage(Pass pass, Net.Placed placed, GroupNormLayer layer, Tensor input) {
    name = placed.name();
    Shape shape = placed.input();
    int rows = Math.toIntExact(input.length() / shape.size());
    int pixels = shape.height() * shape.width();
    output = pass.tensor(input.shape());
    forward =
        new GroupNorm(
            input.as(rows, pixels, shape.channels()),
            pass.parameters().tensor(name + ".weight"),
            pass.parameters().tensor(name + ".bias"),
            pass.tensor(rows, layer.groups()),
            pass.tensor(rows, layer.groups()),
            output.as(rows, pixels, shape.channels()),
            layer.epsilon());
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public List<Op> forward() {
    return List.of(forward);
  }

  @Override
  public List<Op> backward(Parameters gradients, Tensor dOutput, @Nullable Tensor dInput) {
    int[] dims = forward.x().shape();
    return List.of(
        new GroupNormBackward(
            forward,
            dOutput.as(dims),
            dInput == null ? null : dInput.as(dims),
            gradients.tensor(name + ".weight"),
            gradients.tensor(name + ".bias")));
  }
}
