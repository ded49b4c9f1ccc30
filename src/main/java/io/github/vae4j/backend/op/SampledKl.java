// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * The Monte Carlo estimate of each row's KL, for families without a closed form: {@code kl[b] =
 * -1/L sum_l logRatio[b L + l]}, nats. It may be negative.
 *
 * @param logRatio FLOAT32 (B, L): log p(z) - log q(z|x)
 * @param kl FLOAT32 (B)
 */
public record SampledKl(Tensor logRatio, Tensor kl) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public SampledKl {
    new Check("sampledKl").in("logRatio", logRatio, "B L").out("kl", kl, "B").done();
  }
}
