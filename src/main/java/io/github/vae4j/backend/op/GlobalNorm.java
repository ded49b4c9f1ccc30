// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * The Euclidean norm of all gradients: {@code norm[0] = sqrt(sum g^2)}; NaN or infinite if a
 * gradient is.
 *
 * @param gradients FLOAT32 (N)
 * @param norm FLOAT64 (1)
 */
public record GlobalNorm(Tensor gradients, Tensor norm) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public GlobalNorm {
    new Check("globalNorm").in("gradients", gradients, "N").out64("norm", norm, "1").done();
  }
}
