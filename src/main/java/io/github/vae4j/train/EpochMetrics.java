// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

/**
 * The metrics of an epoch, in nats per row; NaN for those of a missing test set.
 *
 * @param epoch from 1
 * @param step steps taken in all
 * @param trainElbo mean of reconstruction - KL over the epoch's steps, each with its current
 *     weights
 * @param trainReconstruction mean of log p(x|z)
 * @param trainKl mean of KL(q(z|x) || p(z))
 * @param trainBound mean of the trained bound: the ELBO, or, if samples have weights, the bound of
 *     several samples with the latent term beta times (log p(z) - log q(z|x))
 * @param trainPenalty mean of the weighted penalties on q(z), which are subtracted from the bound;
 *     0 without penalties
 * @param testElbo the ELBO on the test set after the epoch
 * @param testReconstruction mean of log p(x|z) on the test set
 * @param testKl mean of KL(q(z|x) || p(z)) on the test set
 * @param rowsPerSecond training rows per second, without the evaluation
 * @param seconds of the epoch, without the evaluation
 * @param learningRate of the last step
 * @param beta of the last step
 * @param gradientNorm of the last step, before clipping
 * @param skippedSteps steps of the run so far that were skipped because loss or gradient was not
 *     finite
 */
public record EpochMetrics(
    int epoch,
    long step,
    double trainElbo,
    double trainReconstruction,
    double trainKl,
    double trainBound,
    double trainPenalty,
    double testElbo,
    double testReconstruction,
    double testKl,
    double rowsPerSecond,
    double seconds,
    double learningRate,
    double beta,
    double gradientNorm,
    long skippedSteps) {}
