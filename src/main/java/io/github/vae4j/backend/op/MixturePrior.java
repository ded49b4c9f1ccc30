// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the standard normal prior of {@link Reparameterize} by a mixture of K diagonal
 * Gaussians: a mixture of Gaussians with learned components, or a VampPrior (Tomczak and Welling
 * 2018, equation 9), whose components are the posteriors of pseudo-inputs. With mu = components[k,
 * j], logvar = components[k, Z + j] clamped to [-30, 20], pi = softmax(logits):
 *
 * <ul>
 *   <li>{@code c_k = log pi_k + sum_j 1/2 (z^2 - logvar - (z - mu)^2 exp(-logvar))}, the log of
 *       component k's term of p(z) over N(z; 0, I)
 *   <li>{@code logRatio[r] = logRatio[r] + log sum_k exp(c_k)}, so that log N(z; 0, I) - log q(z|x)
 *       becomes log p(z) - log q(z|x)
 *   <li>{@code responsibilities[r, k] = exp(c_k) / sum_i exp(c_i)}, the probability that z came
 *       from component k
 * </ul>
 *
 * @param z FLOAT32 (R, Z)
 * @param components FLOAT32 (K, 2Z): means, then log variances
 * @param logits FLOAT32 (K); null for equal weights
 * @param responsibilities FLOAT32 (R, K)
 * @param logRatio FLOAT32 (R), updated
 */
public record MixturePrior(
    Tensor z, Tensor components, @Nullable Tensor logits, Tensor responsibilities, Tensor logRatio)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public MixturePrior {
    new Check("mixturePrior")
        .in("z", z, "*R Z")
        .in("components", components, "K 2Z")
        .mayIn("logits", logits, "K")
        .out("responsibilities", responsibilities, "*R K")
        .out("logRatio", logRatio, "*R")
        .done();
  }
}
