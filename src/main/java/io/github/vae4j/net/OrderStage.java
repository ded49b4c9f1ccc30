// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.SwapAxes;
import io.github.vae4j.model.Shape;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the order of a row's values, or of the shape alone where the order is the same.
 * Memory has the channels of an image last; a flat row has them first, as in PyTorch.
 */
final class OrderStage implements Stage {
  private final Tensor output;
  private final @Nullable SwapAxes forward;

  private OrderStage(Pass pass, Tensor input, int[] from, int[] to, int... dims) {
    if (from[1] == 1 || from[2] == 1) {
      output = input.as(dims);
      forward = null;
    } else {
      output = pass.tensor(dims);
      forward = new SwapAxes(input.as(from), output.as(to));
    }
  }

  /** An image as a flat row. */
  static Stage flatten(Pass pass, Shape shape, Tensor input) {
    int rows = rows(shape, input);
    int pixels = shape.height() * shape.width();
    return new OrderStage(
        pass,
        input,
        new int[] {rows, pixels, shape.channels(), 1},
        new int[] {rows, shape.channels(), pixels, 1},
        rows,
        shape.size());
  }

  /** A flat row as an image. */
  static Stage reshape(Pass pass, Shape shape, Tensor input) {
    int rows = rows(shape, input);
    int pixels = shape.height() * shape.width();
    return new OrderStage(
        pass,
        input,
        new int[] {rows, shape.channels(), pixels, 1},
        new int[] {rows, pixels, shape.channels(), 1},
        NetStage.dims(rows, shape));
  }

  /** The parameters of each pixel, part by part, as a flat row of whole parts. */
  static Stage parts(Pass pass, Shape shape, int parts, Tensor input) {
    int rows = rows(shape, input);
    int pixels = shape.height() * shape.width();
    int channels = shape.channels() / parts;
    return new OrderStage(
        pass,
        input,
        new int[] {rows, pixels, parts, channels},
        new int[] {rows, parts, pixels, channels},
        rows,
        shape.size());
  }

  private static int rows(Shape shape, Tensor input) {
    return Math.toIntExact(input.length() / shape.size());
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
    return List.of(new SwapAxes(dOutput.as(forward.y().shape()), dInput.as(forward.x().shape())));
  }
}
