// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

/**
 * The bound and its terms of each row, in nats: rows unlike the training data have low bounds.
 *
 * @param elbo reconstruction - kl
 * @param reconstruction E_q[log p(x|z)]
 * @param kl KL(q(z|x) || p(z))
 */
@SuppressWarnings("ArrayRecordComponent")
public record RowScores(double[] elbo, double[] reconstruction, double[] kl) {}
