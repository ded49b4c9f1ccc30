// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

/**
 * The anomaly score of a row: minus its evidence lower bound, in nats of the columns' own units.
 *
 * @param score higher for a row that is less like the training data
 * @param error the standard error of the score by the number of samples
 * @param pValue the conformal p-value: the rank of the score among those of held-out rows. It
 *     compares with complete rows: the score of a row without values that those have is that of
 *     fewer columns, so that its p-value is wrong and mostly too high. Compare the scores of such
 *     rows with each other. NaN for a model without a calibration
 * @param latent the share of the latent term in the score: the KL of the row's posterior
 * @param logLikelihood log p(x) by importance sampling with the same samples
 */
public record RowScore(
    double score, double error, double pValue, double latent, double logLikelihood) {}
