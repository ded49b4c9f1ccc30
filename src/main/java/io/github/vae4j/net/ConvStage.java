// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.op.Conv;
import io.github.vae4j.backend.op.ConvBackward;
import io.github.vae4j.backend.op.ConvTranspose;
import io.github.vae4j.backend.op.ConvTransposeBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.ConvLayer;
import io.github.vae4j.model.Net;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link ConvLayer}: its filters are NAME.weight, its bias NAME.bias. */
final class ConvStage implements Stage {
  private final Tensor output;
  private final Op forward;
  private final Gradient gradient;
  private final String name;

  /** Makes the gradient's op. */
  @FunctionalInterface
  private interface Gradient {
    Op of(Tensor dy, @Nullable Tensor dx, Tensor dWeight, Tensor dBias);
  }

  ConvStage(Pass pass, Net.Placed placed, ConvLayer layer, Tensor input) {
    name = placed.name();
    Tensor weight = pass.parameters().tensor(name + ".weight");
    Tensor bias = pass.parameters().tensor(name + ".bias");
    int[] shape = NetStage.dims(input.dim(0), placed.output());
    Activation activation = layer.activation();
    @Nullable Tensor kept = activation.needsPreactivation() ? pass.tensor(shape) : null;
    output = pass.tensor(shape);
    if (layer.transposed()) {
      ConvTranspose op =
          new ConvTranspose(
              input, weight, bias, kept, output, layer.window(), layer.groups(), activation);
      forward = op;
      gradient = (dy, dx, dWeight, dBias) -> new ConvTransposeBackward(op, dy, dx, dWeight, dBias);
    } else {
      Conv op =
          new Conv(input, weight, bias, kept, output, layer.window(), layer.groups(), activation);
      forward = op;
      gradient = (dy, dx, dWeight, dBias) -> new ConvBackward(op, dy, dx, dWeight, dBias);
    }
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
    return List.of(
        gradient.of(
            dOutput, dInput, gradients.tensor(name + ".weight"), gradients.tensor(name + ".bias")));
  }
}
