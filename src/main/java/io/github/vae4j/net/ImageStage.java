// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.Activate;
import io.github.vae4j.backend.op.ActivateBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.PixelShuffle;
import io.github.vae4j.backend.op.Pool;
import io.github.vae4j.backend.op.PoolBackward;
import io.github.vae4j.backend.op.Upsample;
import io.github.vae4j.backend.op.UpsampleBackward;
import io.github.vae4j.model.ActivationLayer;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.PixelShuffleLayer;
import io.github.vae4j.model.PoolLayer;
import io.github.vae4j.model.UpsampleLayer;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A layer of one op without parameters, whose gradient is one op too. */
final class ImageStage implements Stage {
  private final Tensor output;
  private final Op forward;
  private final Gradient gradient;

  /** Makes the gradient's op from dy and dx. */
  @FunctionalInterface
  private interface Gradient {
    Op of(Tensor dy, Tensor dx);
  }

  private ImageStage(Tensor output, Op forward, Gradient gradient) {
    this.output = output;
    this.forward = forward;
    this.gradient = gradient;
  }

  static Stage pool(Pass pass, Net.Placed placed, PoolLayer layer, Tensor x) {
    Tensor y = pass.tensor(NetStage.dims(x.dim(0), placed.output()));
    Pool op = new Pool(x, y, layer.window(placed.input()), layer.average());
    return new ImageStage(y, op, (dy, dx) -> new PoolBackward(op, dy, dx));
  }

  static Stage upsample(Pass pass, Net.Placed placed, UpsampleLayer layer, Tensor x) {
    Tensor y = pass.tensor(NetStage.dims(x.dim(0), placed.output()));
    Upsample op = new Upsample(x, y, layer.bilinear());
    return new ImageStage(y, op, (dy, dx) -> new UpsampleBackward(op, dy, dx));
  }

  static Stage pixelShuffle(Pass pass, Net.Placed placed, PixelShuffleLayer layer, Tensor x) {
    Tensor y = pass.tensor(NetStage.dims(x.dim(0), placed.output()));
    PixelShuffle op = new PixelShuffle(x, y, layer.inverse());
    return new ImageStage(y, op, (dy, dx) -> new PixelShuffle(dy, dx, !layer.inverse()));
  }

  static Stage activation(Pass pass, ActivationLayer layer, Tensor x) {
    Tensor y = pass.tensor(x.shape());
    Activate op = new Activate(x, y, layer.function());
    return new ImageStage(y, op, (dy, dx) -> new ActivateBackward(op, dy, dx));
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
    return dInput == null ? List.of() : List.of(gradient.of(dOutput, dInput));
  }
}
