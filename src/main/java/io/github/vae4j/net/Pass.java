// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.net;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that all stages of a pass through a model are planned with.
 *
 * @param backend allocates
 * @param arena owns all that the stages allocate
 * @param parameters of the model
 * @param training has the step and the seed; null in evaluation
 */
public record Pass(
    Backend backend, Arena arena, Parameters parameters, @Nullable Training training) {
  /**
   * A training pass.
   *
   * @param control has the step's number
   * @param seed of the noise
   */
  public record Training(Control control, long seed) {}

  /**
   * Allocates a zeroed FLOAT32 tensor that the pass's arena owns.
   *
   * @param dims the sizes of its dimensions
   * @return the tensor
   */
  public Tensor tensor(int... dims) {
    return backend.tensor(arena, dims);
  }
}
