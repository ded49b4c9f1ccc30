// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Layer normalisation (Ba et al. 2016): {@code y[r, c] = (x[r, c] - mean[r]) / sqrt(variance[r] +
 * epsilon) scale[c] + shift[c]}, with the mean and the variance of a row: {@code mean[r] = 1/C
 * sum_c x[r, c]}, {@code variance[r] = 1/C sum_c (x[r, c] - mean[r])^2}.
 *
 * @param x FLOAT32 (R, C)
 * @param scale FLOAT32 (C)
 * @param shift FLOAT32 (C)
 * @param mean FLOAT32 (R)
 * @param variance FLOAT32 (R)
 * @param y FLOAT32 (R, C)
 * @param epsilon added to the variance; above 0
 */
public record LayerNorm(
    Tensor x, Tensor scale, Tensor shift, Tensor mean, Tensor variance, Tensor y, float epsilon)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public LayerNorm {
    new Check("layerNorm")
        .in("x", x, "*R C")
        .in("scale", scale, "C")
        .in("shift", shift, "C")
        .out("mean", mean, "*R")
        .out("variance", variance, "*R")
        .out("y", y, "*R C")
        .positive("epsilon", epsilon)
        .done();
  }
}
