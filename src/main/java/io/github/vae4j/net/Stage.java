// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ops of a layer, or of several consecutive layers, for one batch size. */
public interface Stage {
  /**
   * The output.
   *
   * @return FLOAT32 (B, outputs)
   */
  Tensor output();

  /**
   * The ops from the input to the output.
   *
   * @return the ops; empty for a layer that is the identity
   */
  List<Op> forward();

  /**
   * Plans the ops of the gradient.
   *
   * @param gradients receives the gradients of the parameters
   * @param dOutput FLOAT32 like the output: its gradient; overwritten
   * @param dInput FLOAT32 like the input: receives its gradient; null if it is not needed
   * @return the ops
   */
  List<Op> backward(Parameters gradients, Tensor dOutput, @Nullable Tensor dInput);

  /**
   * The ops that change state after a training step, if the step was finite.
   *
   * @param status FLOAT64 (1), from {@link io.github.vae4j.backend.op.RecordMetrics}
   * @return a list, empty for a layer without state
   */
  default List<Op> update(Tensor status) {
    return List.of();
  }
}
