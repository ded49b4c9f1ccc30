// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.bench;

/**
 * The time of an op of a training step, run alone.
 *
 * @param op its name
 * @param shapes of its operands, of a gradient those of its forward op, as in 64x32x32x32 to
 *     64x16x16x64
 * @param microseconds the median of one run
 * @param gflops of its products, per second; 0 for an op without products
 */
public record OpTime(String op, String shapes, double microseconds, double gflops) {}
