// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

/**
 * The bound on a data set in both forms, in nats per row: {@code elbo = reconstruction - kl = joint
 * + entropy}. Reconstruction, and so ELBO and joint, are Monte Carlo means over samples; KL and
 * entropy are analytic if they have a closed form: the KL of Gaussians from the standard normal,
 * the entropy of Gaussians. {@link Sampled} has all terms by Monte Carlo. With a second stochastic
 * layer, z denotes both layers.
 *
 * @param rows N
 * @param samples Monte-Carlo samples per row
 * @param elbo the evidence lower bound
 * @param standardError of the ELBO's mean over rows
 * @param reconstruction E_q[log p(x|z)]
 * @param kl KL(q(z|x) || p(z))
 * @param joint E_q[log p(z, x)] = elbo - entropy
 * @param entropy H(q(z|x))
 * @param klPerDimension KL of each dimension of {@link Codes} from the standard normal
 * @param activeUnits dimensions whose posterior mean varies by more than 0.01 over the data (Burda
 *     et al. 2016)
 * @param sampled the terms by Monte Carlo
 */
@SuppressWarnings("ArrayRecordComponent")
public record Evaluation(
    int rows,
    int samples,
    double elbo,
    double standardError,
    double reconstruction,
    double kl,
    double joint,
    double entropy,
    double[] klPerDimension,
    int activeUnits,
    Sampled sampled) {
  /**
   * The same terms, with every expectation a mean over the same samples: {@code elbo =
   * reconstruction - kl = joint + entropy} holds for each sample.
   *
   * @param elbo mean of log p(x, z) - log q(z|x)
   * @param standardError of that mean over rows
   * @param kl mean of log q(z|x) - log p(z)
   * @param joint mean of log p(x, z)
   * @param entropy mean of - log q(z|x)
   */
  public record Sampled(
      double elbo, double standardError, double kl, double joint, double entropy) {}
}
