// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Group normalisation (Wu and He 2018): each row's channels, in groups of D = C / G adjacent ones,
 * by the moments of a group over all R pixels: with {@code g = c / D}, {@code y[n, r, c] = (x[n, r,
 * c] - mean[n, g]) / sqrt(variance[n, g] + epsilon) scale[c] + shift[c]}, {@code mean[n, g]} the
 * mean and {@code variance[n, g]} the mean squared deviation of the R D values.
 *
 * @param x FLOAT32 (N, R, C)
 * @param scale FLOAT32 (C)
 * @param shift FLOAT32 (C)
 * @param mean FLOAT32 (N, G), written
 * @param variance FLOAT32 (N, G), written
 * @param y FLOAT32 (N, R, C)
 * @param epsilon added to the variance; above 0
 */
public record GroupNorm(
    Tensor x, Tensor scale, Tensor shift, Tensor mean, Tensor variance, Tensor y, float epsilon)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public GroupNorm {
    Check check = new Check("groupNorm");
    check
        .in("x", x, "N R C")
        .in("scale", scale, "C")
        .in("shift", shift, "C")
        .out("mean", mean, "N G")
        .out("variance", variance, "N G")
        .out("y", y, "N R C")
        .positive("epsilon", epsilon);
    if (check.size("C") % check.size("G") != 0) {
      throw check.wrong("mean", "a divisor of the " + check.size("C") + " channels", mean);
    }
    check.done();
  }
}
