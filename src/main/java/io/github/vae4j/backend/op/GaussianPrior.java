// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Replaces the standard normal prior of {@link Reparameterize} by a diagonal Gaussian for each
 * sample, p(z|y) of a stochastic layer above z (Burda et al. 2016, section 2). With mu =
 * components[r, j], logvar = components[r, Z + j] clamped to [-30, 20]: {@code logRatio[r] =
 * logRatio[r] + sum_j 1/2 (z^2 - logvar - (z - mu)^2 exp(-logvar))}.
 *
 * @param z FLOAT32 (R, Z)
 * @param components FLOAT32 (R, 2Z): means, then log variances
 * @param logRatio FLOAT32 (R), updated
 */
public record GaussianPrior(Tensor z, Tensor components, Tensor logRatio) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public GaussianPrior {
    new Check("gaussianPrior")
        .in("z", z, "*R Z")
        .in("components", components, "*R 2Z")
        .out("logRatio", logRatio, "*R")
        .done();
  }
}
