// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

/**
 * log p(x) by importance sampling with q(z|x) as the proposal (Burda et al. 2016, equation 8): in
 * expectation a lower bound, which is tighter for more samples.
 *
 * @param rows N
 * @param samples S per row
 * @param mean of log p(x) over rows, nats
 * @param standardError of that mean over rows
 * @param effectiveSampleSize mean over rows of (sum w)^2 / sum w^2, 1 to S
 * @param rowSamplesPerSecond rows * samples / seconds
 */
public record LogLikelihood(
    int rows,
    int samples,
    double mean,
    double standardError,
    double effectiveSampleSize,
    double rowSamplesPerSecond) {}
