// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.MemoryException;
import io.github.vae4j.backend.op.Copy;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.model.ActivationLayer;
import io.github.vae4j.model.AttentionLayer;
import io.github.vae4j.model.ConvLayer;
import io.github.vae4j.model.DropoutLayer;
import io.github.vae4j.model.FlattenLayer;
import io.github.vae4j.model.GroupNormLayer;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Net;
import io.github.vae4j.model.PixelShuffleLayer;
import io.github.vae4j.model.PoolLayer;
import io.github.vae4j.model.ReshapeLayer;
import io.github.vae4j.model.ResidualLayer;
import io.github.vae4j.model.Shape;
import io.github.vae4j.model.UpsampleLayer;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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
              DropoutLayer.class,
              (place, layer) -> new DropoutStage(place.pass, place.placed, layer, place.input))
          .with(
              ConvLayer.class,
              (place, layer) -> new ConvStage(place.pass, place.placed, layer, place.input))
          .with(
              GroupNormLayer.class,
              (place, layer) -> new GroupNormStage(place.pass, place.placed, layer, place.input))
          .with(
              AttentionLayer.class,
              (place, layer) -> new AttentionStage(place.pass, place.placed, layer, place.input))
          .with(
              PoolLayer.class,
              (place, layer) -> ImageStage.pool(place.pass, place.placed, layer, place.input))
          .with(
              UpsampleLayer.class,
              (place, layer) -> ImageStage.upsample(place.pass, place.placed, layer, place.input))
          .with(
              PixelShuffleLayer.class,
              (place, layer) ->
                  ImageStage.pixelShuffle(place.pass, place.placed, layer, place.input))
          .with(
              ActivationLayer.class,
              (place, layer) -> ImageStage.activation(place.pass, layer, place.input))
          .with(
              FlattenLayer.class,
              (place, layer) -> OrderStage.flatten(place.pass, place.placed.input(), place.input))
          .with(
              ReshapeLayer.class,
              (place, layer) -> OrderStage.reshape(place.pass, layer.shape(), place.input))
          .with(
              ResidualLayer.class,
              (place, layer) -> new ResidualStage(place.pass, place.placed, layer, place.input))
          .complete();

  private static final String LARGEST = "; the largest layer is ";

  private final Pass pass;
  private final Net net;
  private final int rows;
  private final List<Link> links = new ArrayList<>();
  private final Tensor output;

  private record Place(Pass pass, Net.Placed placed, Tensor input) {}

  /** A stage and the tensor that it was planned with. */
  private record Link(Stage stage, Tensor input) {}

  /**
   * Plans the forward pass.
   *
   * @param pass owns the tensors
   * @param net the layers
   * @param input FLOAT32 (B, inputs); there may be several leading dimensions
   */
  public NetStage(Pass pass, Net net, Tensor input) {
    this.pass = pass;
    this.net = net;
    rows = Math.toIntExact(input.length() / net.inputs());
    output = named(() -> plan(input));
  }

  private Tensor plan(Tensor input) {
    Tensor x = input;
    for (Net.Placed placed : net.layers()) {
      Shape shape = placed.input();
      if (placed.layer().flat()) {
        x = shape.isFlat() ? x : add(OrderStage.flatten(pass, shape, x), x);
      } else if (!shape.isFlat() || placed.layer().spatial()) {
        x = x.as(dims(rows, shape));
      }
      x = add(STAGES.apply(new Place(pass, placed, x), placed.layer()), x);
    }
    if (net.parts() > 1 && !net.output().isFlat()) {
      x = add(OrderStage.parts(pass, net.output(), net.parts(), x), x);
    }
    return x;
  }

  /** Adds the largest layer to the message of an error of too little memory. */
  private <T> T named(Supplier<T> body) {
    try {
      return body.get();
    } catch (VaeException e) {
      String message = String.valueOf(e.getMessage());
      if (!e.isOutOfMemory() || message.contains(LARGEST)) {
        throw e;
      }
      throw new MemoryException(message + LARGEST + net.largest(rows), e);
    } catch (OutOfMemoryError e) {
      OutOfMemoryError named = new OutOfMemoryError(e.getMessage() + LARGEST + net.largest(rows));
      named.initCause(e);
      throw named;
    }
  }

  /** Adds a stage; one without ops in this pass is left out. */
  private Tensor add(Stage stage, Tensor input) {
    if (!stage.forward().isEmpty()) {
      links.add(new Link(stage, input));
    }
    return stage.output();
  }

  /** The sizes of a tensor of images. */
  static int[] dims(int rows, Shape shape) {
    return new int[] {rows, shape.height(), shape.width(), shape.channels()};
  }

  /**
   * The output.
   *
   * @return FLOAT32 of one row's output for each row of the input; an image's channels are last
   */
  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public List<Op> forward() {
    return links.stream().flatMap(link -> link.stage.forward().stream()).toList();
  }

  /**
   * Plans the backward pass.
   *
   * @param gradients receives the gradients of the parameters
   * @param dOutput FLOAT32 of as many elements as {@link #output}: the gradient to start from;
   *     overwritten
   * @param dInput FLOAT32 of as many elements as the input: receives its gradient; null if it is
   *     not needed
   * @return the ops, the head's first
   */
  @Override
  public List<Op> backward(Parameters gradients, Tensor dOutput, @Nullable Tensor dInput) {
    if (links.isEmpty() && dInput != null) {
      return List.of(new Copy(dOutput, dInput));
    }
    return named(() -> planBackward(gradients, dOutput, dInput));
  }

  private List<Op> planBackward(Parameters gradients, Tensor dOutput, @Nullable Tensor dInput) {
    List<Op> backward = new ArrayList<>();
    Tensor dy = dOutput;
    for (int i = links.size() - 1; i >= 0; i--) {
      Link link = links.get(i);
      int[] shape = link.input.shape();
      Tensor dx = i > 0 ? pass.tensor(shape) : dInput == null ? null : dInput.as(shape);
      Tensor dStage = dy.as(link.stage.output().shape());
      backward.addAll(link.stage.backward(gradients, dStage, dx));
      dy = dx == null ? dy : dx;
    }
    return backward;
  }

  @Override
  public List<Op> update(Tensor status) {
    return links.stream().flatMap(link -> link.stage.update(status).stream()).toList();
  }
}
