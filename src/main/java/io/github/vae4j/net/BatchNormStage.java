// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.BatchNorm;
import io.github.vae4j.backend.op.BatchNormBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.RunningAverage;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Net;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Layer.BatchNorm}: the scale is NAME.weight, the shift NAME.bias; the running averages are
 * NAME.running_mean and NAME.running_var, as in PyTorch. The running variance is unbiased.
 */
final class BatchNormStage implements Stage {
  private final String name;
  private final Layer.BatchNorm layer;
  private final Parameters parameters;
  private final BatchNorm forward;

  BatchNormStage(Pass pass, Net.Placed placed, Layer.BatchNorm layer, Tensor input) {
    name = placed.name();
    this.layer = layer;
    parameters = pass.parameters();
    boolean training = pass.training() != null;
    int channels = placed.input().channels();
    forward =
        new BatchNorm(
            input,
            parameters.tensor(name + ".weight"),
            parameters.tensor(name + ".bias"),
            training ? pass.tensor(channels) : parameters.tensor(name + ".running_mean"),
            training ? pass.tensor(channels) : parameters.tensor(name + ".running_var"),
            pass.tensor(input.shape()),
            layer.epsilon(),
            training);
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
        new BatchNormBackward(
            forward,
            dOutput,
            dInput,
            gradients.tensor(name + ".weight"),
            gradients.tensor(name + ".bias")));
  }

  @Override
  public List<Op> update(Tensor status) {
    float rows = forward.x().rows();
    if (rows < 2) {
      // One row has no variance: the averages must not use an epoch's last batch of one row.
      return List.of();
    }
    float unbiased = rows / (rows - 1);
    Tensor mean = parameters.tensor(name + ".running_mean");
    Tensor variance = parameters.tensor(name + ".running_var");
    return List.of(
        new RunningAverage(forward.mean(), mean, status, layer.momentum(), 1),
        new RunningAverage(forward.variance(), variance, status, layer.momentum(), unbiased));
  }
}
