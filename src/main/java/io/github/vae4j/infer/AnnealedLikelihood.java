// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

/**
 * log p(x) by annealed importance sampling (Neal 2001; Wu et al. 2017), in nats per row: a lower
 * bound in expectation, because its exponential is unbiased. It does not use the encoder.
 *
 * @param rows N
 * @param chains C per row
 * @param temperatures T
 * @param leapfrogs of each transition
 * @param mean of log p(x) over rows, weighted if the rows have weights
 * @param standardError of that mean over rows; NaN for a single row
 * @param chainError standard error of that mean over chains, by the delta method; NaN with a single
 *     chain
 * @param effectiveChains mean over rows of (sum w)^2 / sum w^2, 1 to C
 * @param acceptance the fraction of proposed transitions that were accepted; NaN with a single
 *     temperature, which has no transition
 * @param rowsPerSecond rows / seconds
 */
public record AnnealedLikelihood(
    int rows,
    int chains,
    int temperatures,
    int leapfrogs,
    double mean,
    double standardError,
    double chainError,
    double effectiveChains,
    double acceptance,
    double rowsPerSecond) {}
