// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

/**
 * The difference between the bounds of posteriors that are optimised row by row and of the
 * encoder's posteriors (Cremer, Li and Duvenaud 2018, "Inference suboptimality in variational
 * autoencoders"), in nats per row.
 *
 * @param rows N
 * @param encoder mean bound with the encoder's posteriors
 * @param optimized mean bound with the optimised posteriors
 * @param gap optimized - encoder
 * @param standardError of the gap, over rows
 */
public record AmortizationGap(
    int rows, double encoder, double optimized, double gap, double standardError) {}
