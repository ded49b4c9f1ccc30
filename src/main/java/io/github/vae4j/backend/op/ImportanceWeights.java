// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Adds a chunk of samples to a streaming logsumexp of the importance weights {@code log w[b, l] =
 * logRatio[b L + l] - nll[b L + l]}. The state of a row is (m, sum exp(log w - m), sum exp(2 (log w
 * - m))), m the largest so far; it starts as (-infinity, 0, 0). After S samples {@code log p(x)} is
 * estimated by {@code m + log(sum) - log S} (Burda et al. 2016, equation 8) and the effective
 * sample size is {@code sum^2 / sumOfSquares}.
 *
 * @param nll FLOAT32 (B, L)
 * @param logRatio FLOAT32 (B, L): log p(z) - log q(z|x)
 * @param state FLOAT64 (B, 3), updated
 */
public record ImportanceWeights(Tensor nll, Tensor logRatio, Tensor state) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public ImportanceWeights {
    new Check("importanceWeights")
        .in("nll", nll, "B L")
        .in("logRatio", logRatio, "B L")
        .out64("state", state, "B 3")
        .done();
  }
}
