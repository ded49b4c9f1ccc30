// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.Dropout;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.DropoutLayer;
import io.github.vae4j.model.Net;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link DropoutLayer}: in evaluation its output is its input. */
final class DropoutStage implements Stage {
  /** Spreads the hashes of layers' names over all seeds: 2^64 divided by the golden ratio. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final @Nullable Dropout forward;
  private final Tensor output;

  DropoutStage(Pass pass, Net.Placed placed, DropoutLayer layer, Tensor input) {
    Pass.Training training = pass.training();
    if (training == null || layer.rate() == 0) {
      forward = null;
      output = input;
      return;
    }
    output = pass.tensor(input.shape());
    long seed = training.seed() ^ SPREAD * placed.name().hashCode();
    forward = new Dropout(input, output, training.control(), layer.rate(), seed);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public List<Op> forward() {
    return forward == null ? List.of() : List.of(forward);
  }

  @Override
  public List<Op> backward(Parameters gradients, Tensor dOutput, @Nullable Tensor dInput) {
    if (forward == null || dInput == null) {
      return List.of();
    }
    return List.of(new Dropout(dOutput, dInput, forward.control(), forward.rate(), forward.seed()));
  }
}
