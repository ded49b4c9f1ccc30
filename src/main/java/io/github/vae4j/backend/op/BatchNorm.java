// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Batch normalisation (Ioffe and Szegedy 2015): {@code y[r, c] = (x[r, c] - mean[c]) /
 * sqrt(variance[c] + epsilon) scale[c] + shift[c]}. In training, mean and variance are those of the
 * rows, {@code mean[c] = 1/R sum_r x[r, c]} and {@code variance[c] = 1/R sum_r (x[r, c] -
 * mean[c])^2}, and are written; otherwise they are the running averages and are read.
 *
 * @param x FLOAT32 (R, C)
 * @param scale FLOAT32 (C)
 * @param shift FLOAT32 (C)
 * @param mean FLOAT32 (C); written in training
 * @param variance FLOAT32 (C); written in training
 * @param y FLOAT32 (R, C)
 * @param epsilon added to the variance; above 0
 * @param training whether the moments are those of the rows
 */
public record BatchNorm(
    Tensor x,
    Tensor scale,
    Tensor shift,
    Tensor mean,
    Tensor variance,
    Tensor y,
    float epsilon,
    boolean training)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public BatchNorm {
    Check check = new Check("batchNorm");
    check
        .in("x", x, "*R C")
        .in("scale", scale, "C")
        .in("shift", shift, "C")
        .out("y", y, "*R C")
        .positive("epsilon", epsilon);
    if (training) {
      check.out("mean", mean, "C").out("variance", variance, "C");
    } else {
      check.in("mean", mean, "C").in("variance", variance, "C");
    }
    check.done();
  }
}
