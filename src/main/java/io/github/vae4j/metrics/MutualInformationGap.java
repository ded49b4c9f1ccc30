// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.tensor.Matrix;

/**
 * MIG (Chen et al. 2018, "Isolating sources of disentanglement in VAEs", equation 6): for each
 * factor v, the greatest mutual information of v with a dimension less the second greatest, divided
 * by the entropy of v; the mean over factors. Mutual information is computed from the counts of
 * binned posterior means; with a single dimension the second greatest is 0.
 */
final class MutualInformationGap {
  private MutualInformationGap() {}

  static double of(Matrix codes, Factors factors) {
    Bins[] dimensions = new Bins[codes.columns()];
    for (int j = 0; j < dimensions.length; j++) {
      dimensions[j] = Bins.ofCode(codes, j);
    }
    double sum = 0;
    for (int k = 0; k < factors.count(); k++) {
      Bins factor = Bins.ofFactor(factors, k);
      TopTwo top = new TopTwo();
      for (Bins dimension : dimensions) {
        top.add(information(dimension, factor));
      }
      sum += top.gap() / information(factor, factor);
    }
    return sum / factors.count();
  }

  /** I(a; b) of the empirical distribution, nats; I(a; a) is a's entropy. */
  private static double information(Bins a, Bins b) {
    int rows = a.of().length;
    int[][] counts = new int[a.count()][b.count()];
    int[] as = new int[a.count()];
    int[] bs = new int[b.count()];
    for (int row = 0; row < rows; row++) {
      counts[a.of()[row]][b.of()[row]]++;
      as[a.of()[row]]++;
      bs[b.of()[row]]++;
    }
    double sum = 0;
    for (int i = 0; i < as.length; i++) {
      for (int j = 0; j < bs.length; j++) {
        if (counts[i][j] > 0) {
          double ratio = (double) counts[i][j] * rows / ((double) as[i] * bs[j]);
          sum += counts[i][j] * Math.log(ratio) / rows;
        }
      }
    }
    return sum;
  }
}
