// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Sets values to 0 with a probability and divides the others by the complement of the probability,
 * so that the mean does not change (Srivastava et al. 2014): {@code y[r, c] = x[r, c] / (1 - rate)}
 * where {@code u >= rate}, else 0, u uniform at ({@link io.github.vae4j.random.Stream#DROPOUT},
 * step, r, c). The gradient is the same op on dy, with the same seed.
 *
 * @param x FLOAT32 (R, C)
 * @param y FLOAT32 (R, C)
 * @param control the step
 * @param rate the probability of 0; 0 or more and below 1
 * @param seed the seed; layers of a net have different ones
 */
public record Dropout(Tensor x, Tensor y, Control control, float rate, long seed) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public Dropout {
    new Check("dropout")
        .fraction("rate", rate, false)
        .in("x", x, "*R C")
        .out("y", y, "*R C")
        .control(control)
        .done();
  }
}
