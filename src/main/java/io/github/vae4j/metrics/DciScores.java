// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.tensor.Matrix;

/**
 * Disentanglement, completeness and informativeness (Eastwood and Williams 2018, "A framework for
 * the quantitative evaluation of disentangled representations", section 2). Each factor is
 * predicted from all dimensions by {@link Lasso} on one half of the rows, codes and targets
 * standardised; a factor of levels is one 0/1 target for each level. The importance R[j, k] is the
 * sum of |w_j| over the targets of factor k.
 *
 * <ul>
 *   <li>disentanglement: mean over dimensions of 1 - H_K(R[j, .] / sum), weighted by their shares
 *       of R
 *   <li>completeness: mean over factors of 1 - H_Z(R[., k] / sum), 0 for a factor without weights
 *   <li>informativeness: mean over factors of the predicted part of the targets' variance on the
 *       other half, 0 or more
 * </ul>
 *
 * <p>H_n is the entropy to base n. The penalty is {@code 2 sqrt(ln(m) / n)} for m pairs of
 * dimension and target and n rows: the probability that a dimension without relation to a target
 * has a weight is below 1/m; without a penalty the scores would contain the many small weights that
 * are due to chance.
 */
record DciScores(double disentanglement, double completeness, double informativeness) {
  static DciScores of(Matrix codes, Factors factors, HalfSplit split) {
    int latent = codes.columns();
    int targets = 0;
    for (int k = 0; k < factors.count(); k++) {
      targets += Math.max(1, factors.levels(k));
    }
    double pairs = (double) latent * targets;
    double lambda = 2 * Math.sqrt(Math.log(pairs) / split.fit.length);
    Standardized x = new Standardized(codes, split.fit);
    double[][] importance = new double[latent][factors.count()];
    double informativeness = 0;
    for (int k = 0; k < factors.count(); k++) {
      double error = 0;
      double total = 0;
      for (int level = 0; level < Math.max(1, factors.levels(k)); level++) {
        Target y = new Target(factors, k, level, split.fit);
        double[] w = Lasso.fit(x.gram, x.products(y, split.fit), lambda);
        for (int j = 0; j < latent; j++) {
          importance[j][k] += Math.abs(w[j]);
        }
        for (int row : split.judge) {
          double value = y.at(row);
          error += Math.pow(value - x.predict(row, w), 2);
          total += value * value;
        }
      }
      informativeness += Math.max(0, 1 - error / total) / factors.count();
    }
    return new DciScores(disentanglement(importance), completeness(importance), informativeness);
  }

  private static double disentanglement(double[][] importance) {
    double sum = 0;
    double all = 0;
    for (double[] dimension : importance) {
      double share = sum(dimension);
      all += share;
      sum += share * concentration(dimension);
    }
    return importance[0].length == 1 ? Double.NaN : all == 0 ? 0 : sum / all;
  }

  private static double completeness(double[][] importance) {
    int latent = importance.length;
    int factors = importance[0].length;
    double sum = 0;
    for (int k = 0; k < factors; k++) {
      double[] column = new double[latent];
      for (int j = 0; j < latent; j++) {
        column[j] = importance[j][k];
      }
      sum += concentration(column) / factors;
    }
    return latent == 1 ? Double.NaN : sum;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /**
   * 1 less the entropy of the weights' shares, to the base of their number; 0 if all weights are 0.
   */
  private static double concentration(double[] weights) {
    double all = sum(weights);
    if (all == 0) {
      return 0;
    }
    double entropy = 0;
    for (double weight : weights) {
      double share = weight / all;
      entropy -= share == 0 ? 0 : share * Math.log(share);
    }
    return 1 - entropy / Math.log(weights.length);
  }

  /** Codes with mean 0 and variance 1 over the rows of the fit; 0 for constant columns. */
  private static final class Standardized {
    private final Matrix codes;
    private final Moments[] columns;
    final double[][] gram;

    Standardized(Matrix codes, int[] rows) {
      this.codes = codes;
      int latent = codes.columns();
      columns = new Moments[latent];
      for (int j = 0; j < latent; j++) {
        columns[j] = new Moments();
        for (int row : rows) {
          columns[j].add(codes.at(row, j));
        }
      }
      gram = new double[latent][latent];
      for (int row : rows) {
        for (int j = 0; j < latent; j++) {
          double value = at(row, j) / rows.length;
          for (int i = 0; i < latent; i++) {
            gram[j][i] += value * at(row, i);
          }
        }
      }
    }

    double at(int row, int j) {
      double variance = columns[j].variance();
      return variance == 0 ? 0 : (codes.at(row, j) - columns[j].mean()) / Math.sqrt(variance);
    }

    double[] products(Target y, int[] rows) {
      double[] products = new double[columns.length];
      for (int row : rows) {
        double value = y.at(row) / rows.length;
        for (int j = 0; j < products.length; j++) {
          products[j] += value * at(row, j);
        }
      }
      return products;
    }

    double predict(int row, double[] w) {
      double sum = 0;
      for (int j = 0; j < w.length; j++) {
        sum += w[j] * at(row, j);
      }
      return sum;
    }
  }

  /**
   * A target, standardised over the rows of the fit: a real factor, or the 0/1 indicator of a
   * level.
   */
  private static final class Target {
    private final Factors factors;
    private final int factor;
    private final int level;
    private final Moments moments = new Moments();

    Target(Factors factors, int factor, int level, int[] rows) {
      this.factors = factors;
      this.factor = factor;
      this.level = level;
      for (int row : rows) {
        moments.add(raw(row));
      }
    }

    private double raw(int row) {
      if (factors.levels(factor) == 0) {
        return factors.value(row, factor);
      }
      return factors.level(row, factor) == level ? 1 : 0;
    }

    double at(int row) {
      double variance = moments.variance();
      return variance == 0 ? 0 : (raw(row) - moments.mean()) / Math.sqrt(variance);
    }
  }
}
