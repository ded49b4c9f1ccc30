// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.metrics.Moments;

/**
 * Posteriors that were optimised row by row. All bounds of a row are in nats and use the same
 * noise, which is independent of the ascent's; each row keeps the better of start and end, so that
 * {@code after >= before}.
 *
 * @param codes the better posterior of start and end, by row
 * @param encoder the bound with the encoder's posterior, by row
 * @param before the bound at the start of the ascent, by row
 * @param after the bound with the posterior of {@code codes}, by row
 * @param converged whether the ascent of a row had arrived: false if its last round still moved it
 *     far and raised its bound
 * @param weights the weight of each row in a mean
 */
@SuppressWarnings("ArrayRecordComponent")
public record OptimizedCodes(
    Codes codes,
    double[] encoder,
    double[] before,
    double[] after,
    boolean[] converged,
    double[] weights) {
  /**
   * The likelihood regret of each row (Xiao, Yan and Amit 2020, "Likelihood regret: an
   * out-of-distribution detection score for variational auto-encoder"), with the posterior's mean
   * and variance as the parameters: rows with high values are unlike the training data. If the
   * ascent started at the prior, a value may be negative: the ascent then did not reach the
   * encoder's bound.
   *
   * @return after - encoder, by row
   */
  public double[] regret() {
    double[] regret = new double[after.length];
    for (int row = 0; row < regret.length; row++) {
      regret[row] = after[row] - encoder[row];
    }
    return regret;
  }

  /**
   * The number of rows whose ascent had not arrived: their bounds are too low.
   *
   * @return 0 if all had arrived
   */
  public int unconverged() {
    int count = 0;
    for (boolean arrived : converged) {
      count += arrived ? 0 : 1;
    }
    return count;
  }

  /**
   * The amortisation gap: the mean of {@link #regret} over rows, weighted if the rows have weights.
   *
   * @return the gap and both bounds
   */
  public AmortizationGap gap() {
    Moments before = new Moments();
    Moments best = new Moments();
    Moments difference = new Moments();
    for (int row = 0; row < after.length; row++) {
      before.add(encoder[row], weights[row]);
      best.add(after[row], weights[row]);
      difference.add(after[row] - encoder[row], weights[row]);
    }
    return new AmortizationGap(
        after.length, before.mean(), best.mean(), difference.mean(), difference.standardError());
  }
}
