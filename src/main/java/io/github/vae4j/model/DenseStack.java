package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import io.github.vae4j.model.ParameterLayout.DenseParameters;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An encoder or a decoder planned for one batch size: hidden layers, then a linear head. Buffers
 * and ops belong to the arena it was planned in.
 */
public final class DenseStack {
  private final Ops ops;
  private final Arena arena;
  private final List<DenseParameters> places;
  private final List<Activation> activations = new ArrayList<>();
  private final Buffer parameters;
  private final int rows;
  private final List<Buffer> inputs = new ArrayList<>();
  private final List<Buffer> outputs = new ArrayList<>();
  private final List<PreparedOp> forward = new ArrayList<>();

  /**
   * Plans the forward pass.
   *
   * @param ops plans the ops
   * @param arena owns what is allocated
   * @param places where each layer's parameters lie, the head's last
   * @param hidden the layers before the head
   * @param parameters the flat arena of all parameters
   * @param input FLOAT32 (rows, inputs of the first layer)
   * @param rows the number of rows
   */
  public DenseStack(
      Ops ops,
      Arena arena,
      List<DenseParameters> places,
      List<Layer> hidden,
      Buffer parameters,
      Buffer input,
      int rows) {
    this.ops = ops;
    this.arena = arena;
    this.places = places;
    this.parameters = parameters;
    this.rows = rows;
    for (Layer layer : hidden) {
      activations.add(((Layer.Dense) layer).activation());
    }
    activations.add(Activation.IDENTITY);
    Buffer x = input;
    for (int i = 0; i < places.size(); i++) {
      x = addLayer(places.get(i), activations.get(i), x);
    }
  }

  private Buffer addLayer(DenseParameters place, Activation activation, Buffer x) {
    Buffer y = ops.floats(arena, rows, place.outputs());
    Buffer v = activation.needsPreactivation() ? ops.floats(arena, rows, place.outputs()) : null;
    forward.add(
        arena.own(
            ops.dense(
                new Dense(
                    x,
                    weight(parameters, place),
                    bias(parameters, place),
                    v,
                    y,
                    rows,
                    place.inputs(),
                    place.outputs(),
                    activation))));
    inputs.add(x);
    outputs.add(v == null ? y : v);
    return y;
  }

  /**
   * The ops from input to output.
   *
   * @return one dense op a layer
   */
  public List<PreparedOp> forward() {
    return List.copyOf(forward);
  }

  /**
   * The head's output.
   *
   * @return FLOAT32 (rows, outputs of the head)
   */
  public Buffer output() {
    return outputs.get(outputs.size() - 1);
  }

  /**
   * Plans the backward pass.
   *
   * @param gradients the flat arena of all gradients
   * @param dOutput FLOAT32 like {@link #output}: the gradient to start from; overwritten
   * @param dInput FLOAT32 like the input: receives its gradient; null where it is not needed
   * @return the ops, the head's first
   */
  public List<PreparedOp> backward(Buffer gradients, Buffer dOutput, @Nullable Buffer dInput) {
    List<PreparedOp> backward = new ArrayList<>();
    Buffer dy = dOutput;
    for (int i = places.size() - 1; i >= 0; i--) {
      DenseParameters place = places.get(i);
      Buffer dx = i == 0 ? dInput : ops.floats(arena, rows, place.inputs());
      backward.add(
          arena.own(
              ops.denseBackward(
                  new DenseBackward(
                      inputs.get(i),
                      weight(parameters, place),
                      outputs.get(i),
                      dy,
                      dx,
                      weight(gradients, place),
                      bias(gradients, place),
                      rows,
                      place.inputs(),
                      place.outputs(),
                      activations.get(i)))));
      if (dx != null) {
        dy = dx;
      }
    }
    return backward;
  }

  private static Buffer weight(Buffer flat, DenseParameters place) {
    return flat.slice(place.weightOffset(), (long) place.inputs() * place.outputs());
  }

  private static Buffer bias(Buffer flat, DenseParameters place) {
    return flat.slice(place.biasOffset(), place.outputs());
  }
}
