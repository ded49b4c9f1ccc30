// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Net;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An encoder or a decoder planned for one batch size: the sequence of its layers' stages. */
public final class NetStage implements Stage {
  private static final SealedTable<Layer, Place, Stage> STAGES =
      SealedTable.<Layer, Place, Stage>of(Layer.class)
          .with(
              Layer.Dense.class,
              (place, layer) -> new DenseStage(place.pass, place.placed, layer, place.input))
          .with(
              Layer.BatchNorm.class,
              (place, layer) -> new BatchNormStage(place.pass, place.placed, layer, place.input))
          .with(
              Layer.LayerNorm.class,
              (place, layer) -> new LayerNormStage(place.pass, place.placed, layer, place.input))
          .with(
              Layer.Dropout.class,
              (place, layer) -> new DropoutStage(place.pass, place.placed, layer, place.input))
          .complete();

  private final Pass pass;
  private final List<Stage> stages = new ArrayList<>();

  private record Place(Pass pass, Net.Placed placed, Tensor input) {}

  /**
   * Plans the forward pass.
   *
   * @param pass owns the tensors
   * @param net the layers
   * @param input FLOAT32 (B, inputs); there may be several leading dimensions
   */
  public NetStage(Pass pass, Net net, Tensor input) {
    this.pass = pass;
    Tensor x = input;
    for (Net.Placed placed : net.layers()) {
      Stage stage = STAGES.apply(new Place(pass, placed, x), placed.layer());
      // A layer without ops in this pass is left out.
      if (!stage.forward().isEmpty()) {
        stages.add(stage);
      }
      x = stage.output();
    }
  }

  @Override
  public Tensor output() {
    return stages.get(stages.size() - 1).output();
  }

  @Override
  public List<Op> forward() {
    return stages.stream().flatMap(stage -> stage.forward().stream()).toList();
  }

  /**
   * Plans the backward pass.
   *
   * @param gradients receives the gradients of the parameters
   * @param dOutput FLOAT32 like {@link #output}: the gradient to start from; overwritten
   * @param dInput FLOAT32 like the input: receives its gradient; null if it is not needed
   * @return the ops, the head's first
   */
  @Override
  public List<Op> backward(Parameters gradients, Tensor dOutput, @Nullable Tensor dInput) {
    List<Op> backward = new ArrayList<>();
    Tensor dy = dOutput;
    for (int i = stages.size() - 1; i >= 0; i--) {
      Tensor dx = i == 0 ? dInput : pass.tensor(stages.get(i - 1).output().shape());
      backward.addAll(stages.get(i).backward(gradients, dy, dx));
      if (dx != null) {
        dy = dx;
      }
    }
    return backward;
  }

  @Override
  public List<Op> update(Tensor status) {
    return stages.stream().flatMap(stage -> stage.update(status).stream()).toList();
  }
}
