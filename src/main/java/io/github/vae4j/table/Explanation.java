// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

/**
 * The share of a column in a row's anomaly score.
 *
 * @param column its name
 * @param value the row's text
 * @param expected the median that the model expects, or the most probable level, given the row's
 *     posterior
 * @param low the lower end of the central 90 % interval of numbers and times; empty for levels
 * @param high its upper end; for levels the probability of the expected one
 * @param nats of the score: those of all columns and the latent term sum to it
 * @param excess of the nats over the column's mean among held-out rows, which does not depend on
 *     the column's unit; the nats themselves for a model without a calibration
 */
public record Explanation(
    String column,
    String value,
    String expected,
    String low,
    String high,
    double nats,
    double excess) {}
