// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.tensor.Matrix;

/**
 * SAP (Kumar et al. 2018, "Variational inference of disentangled latent concepts from unlabeled
 * observations", section 3): for each factor, the score of the best single dimension as its
 * predictor less the score of the second best; the mean over factors. For a real factor the score
 * is the squared correlation. For a factor of C levels it is the balanced accuracy, on one half of
 * the rows, of a rule that is fitted to the other half: each bin of the dimension predicts the
 * level with the greatest frequency in the bin relative to the level's total. A dimension without
 * information scores 1 / C, so that the gap of a perfect code is 1 - 1 / C. With a single dimension
 * the second best score is that of no information.
 */
final class SeparatedAttributes {
  private SeparatedAttributes() {}

  static double of(Matrix codes, Factors factors, HalfSplit split) {
    double sum = 0;
    for (int k = 0; k < factors.count(); k++) {
      int levels = factors.levels(k);
      TopTwo top = new TopTwo();
      for (int j = 0; j < codes.columns(); j++) {
        top.add(
            levels == 0
                ? squaredCorrelation(codes, j, factors, k)
                : balancedAccuracy(Bins.ofCode(codes, j), factors, k, split));
      }
      if (codes.columns() == 1 && levels > 0) {
        top.add(1.0 / levels);
      }
      sum += top.gap();
    }
    return sum / factors.count();
  }

  private static double squaredCorrelation(Matrix codes, int dimension, Factors factors, int k) {
    int rows = codes.rows();
    Moments code = new Moments();
    Moments factor = new Moments();
    for (int row = 0; row < rows; row++) {
      code.add(codes.at(row, dimension));
      factor.add(factors.value(row, k));
    }
    if (code.variance() == 0) {
      return 0;
    }
    double covariance = 0;
    for (int row = 0; row < rows; row++) {
      double codeError = codes.at(row, dimension) - code.mean();
      covariance += codeError * (factors.value(row, k) - factor.mean()) / rows;
    }
    return covariance * covariance / (code.variance() * factor.variance());
  }

  private static double balancedAccuracy(Bins bins, Factors factors, int k, HalfSplit split) {
    int levels = factors.levels(k);
    double[] sizes = sizes(factors, k, split.fit);
    double[][] weights = new double[bins.count()][levels];
    for (int row : split.fit) {
      int level = factors.level(row, k);
      weights[bins.of()[row]][level] += 1 / sizes[level];
    }
    double[] judged = sizes(factors, k, split.judge);
    double sum = 0;
    for (int row : split.judge) {
      int level = factors.level(row, k);
      if (largest(weights[bins.of()[row]]) == level) {
        sum += 1 / judged[level];
      }
    }
    int present = 0;
    for (double size : judged) {
      present += size > 0 ? 1 : 0;
    }
    return sum / present;
  }

  private static double[] sizes(Factors factors, int k, int[] rows) {
    double[] sizes = new double[factors.levels(k)];
    for (int row : rows) {
      sizes[factors.level(row, k)]++;
    }
    return sizes;
  }

  private static int largest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
