// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input of an encoder or decoder: values joined with the condition, (x | c) or (z | c). Without
 * a condition the input is the tensor of the values, and there is no op.
 */
public final class Joined {
  private final Pass pass;
  private final Tensor values;
  private final Tensor input;
  private final int columns;
  private final List<Op> forward;

  /**
   * Plans the ops that join.
   *
   * @param pass owns the tensors
   * @param values FLOAT32 (B, columns), (B, samples, columns) or, for images, (B, pixels, channels)
   * @param condition FLOAT32 (B, conditions), or of as many rows as the values; null for none
   */
  public Joined(Pass pass, Tensor values, @Nullable Tensor condition) {
    this.pass = pass;
    this.values = values;
    columns = values.dim(-1);
    if (condition == null) {
      input = values;
      forward = List.of();
      return;
    }
    int conditions = condition.dim(-1);
    input = pass.tensor(values.shape(columns + conditions));
    forward =
        List.of(
            new CopyColumns(values, input, 0, 0, columns),
            new CopyColumns(condition, input, 0, columns, conditions));
  }

  /**
   * The input of a {@link NetStage}.
   *
   * @return FLOAT32 like the values, with columns + conditions
   */
  public Tensor input() {
    return input;
  }

  /**
   * The ops that fill the input.
   *
   * @return a list, empty without a condition
   */
  public List<Op> forward() {
    return forward;
  }

  /**
   * The tensor of the input's gradient.
   *
   * @param dValues FLOAT32 like the values
   * @return FLOAT32 like the input; dValues itself without a condition
   */
  public Tensor gradient(Tensor dValues) {
    return forward.isEmpty() ? dValues : pass.tensor(input.shape());
  }

  /**
   * The ops that copy the gradient of the values out of that of the input.
   *
   * @param dInput from {@link #gradient}
   * @param dValues FLOAT32 of as many elements as the values
   * @return a list, empty without a condition
   */
  public List<Op> backward(Tensor dInput, Tensor dValues) {
    return forward.isEmpty()
        ? List.of()
        : List.of(new CopyColumns(dInput, dValues.as(values.shape()), 0, 0, columns));
  }
}
