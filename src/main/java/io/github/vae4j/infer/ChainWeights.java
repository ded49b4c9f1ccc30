// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.numeric.Elementary;

/**
 * The importance weights of a row's chains.
 *
 * @param logMean log of their mean
 * @param effective (sum w)^2 / sum w^2
 * @param variance of logMean by the delta method: the variance of the mean divided by its square;
 *     NaN for a single chain
 */
record ChainWeights(double logMean, double effective, double variance) {
  /** The weights of a part of an array of log weights. */
  static ChainWeights of(double[] logWeights, int first, int count) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = first; i < first + count; i++) {
      most = Math.max(most, logWeights[i]);
    }
    double sum = 0;
    double squares = 0;
    for (int i = first; i < first + count; i++) {
      double weight = Elementary.exp(logWeights[i] - most);
      sum += weight;
      squares += weight * weight;
    }
    double effective = sum * sum / squares;
    double variance = count == 1 ? Double.NaN : (count / effective - 1) / (count - 1);
    return new ChainWeights(most + Elementary.log(sum / count), effective, variance);
  }
}
