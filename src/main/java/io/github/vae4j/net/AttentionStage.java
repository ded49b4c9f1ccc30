// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.op.Attention;
import io.github.vae4j.backend.op.AttentionBackward;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.model.AttentionLayer;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.Shape;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link AttentionLayer}: the projections to queries, keys and values are NAME.in_proj_weight and
 * NAME.in_proj_bias, the projection back NAME.out_proj.weight and NAME.out_proj.bias.
 */
final class AttentionStage implements Stage {
  private final Pass pass;
  private final Projection before;
  private final Attention attention;
  private final Projection after;
  private final Tensor output;

  /** A dense layer on the channels of all pixels. */
  private record Projection(Dense forward, String weight, String bias) {
    static Projection of(Pass pass, String weight, String bias, Tensor x, Tensor y) {
      Tensor matrix = pass.parameters().tensor(weight);
      Tensor vector = pass.parameters().tensor(bias);
      return new Projection(
          new Dense(x, matrix, vector, null, y, Activation.IDENTITY), weight, bias);
    }

    Op backward(Parameters gradients, Tensor dy, @Nullable Tensor dx) {
      return new DenseBackward(forward, dy, dx, gradients.tensor(weight), gradients.tensor(bias));
    }
  }

  AttentionStage(Pass pass, Net.Placed placed, AttentionLayer layer, Tensor input) {
    this.pass = pass;
    String name = placed.name();
    Shape shape = placed.input();
    int images = input.dim(0);
    int pixels = shape.height() * shape.width();
    int channels = shape.channels();
    Tensor projected = pass.tensor(images, pixels, 3 * channels);
    Tensor attended = pass.tensor(images, pixels, channels);
    output = pass.tensor(input.shape());
    before =
        Projection.of(pass, name + ".in_proj_weight", name + ".in_proj_bias", input, projected);
    attention = new Attention(projected, pass.tensor(images, pixels, layer.heads()), attended);
    after =
        Projection.of(pass, name + ".out_proj.weight", name + ".out_proj.bias", attended, output);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public List<Op> forward() {
    return List.of(before.forward, attention, after.forward);
  }

  @Override
  public List<Op> backward(Parameters gradients, Tensor dOutput, @Nullable Tensor dInput) {
    Tensor dAttended = pass.tensor(attention.y().shape());
    Tensor dProjected = pass.tensor(attention.qkv().shape());
    return List.of(
        after.backward(gradients, dOutput, dAttended),
        new AttentionBackward(attention, dAttended, dProjected),
        before.backward(gradients, dProjected, dInput));
  }
}
