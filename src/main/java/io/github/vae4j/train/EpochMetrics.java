// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

/**
 * One epoch's numbers, in nats per row; NaN where there is no test set.
 *
 * @param epoch from 1
 * @param step steps taken in all
 * @param trainElbo mean of reconstruction - KL over the epoch's steps, as the weights were then
 * @param trainReconstruction mean of log p(x|z)
 * @param trainKl mean of KL(q(z|x) || p(z))
 * @param trainBound mean of the bound that is trained: of several samples where there are weights,
 *     whose latent term is then beta times log p(z) - log q(z|x); else the ELBO
 * @param trainPenalty mean of the penalties on q(z) that are taken from the bound, with their
 *     weights; 0 without penalties
 * @param testElbo the ELBO on the test set after the epoch
 * @param testReconstruction the same
 * @param testKl the same
 * @param rowsPerSecond training rows per second, evaluation not counted
 * @param seconds of the epoch, evaluation not counted
 * @param learningRate of the last step
 * @param beta of the last step
 * @param gradientNorm of the last step, before clipping
 * @param skippedSteps steps skipped in all because they were not finite
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
