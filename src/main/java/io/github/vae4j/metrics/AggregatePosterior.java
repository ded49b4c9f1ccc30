// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The aggregated posterior q(z) = 1/N sum_n q(z|x_n): a mixture with a component for each row. The
 * densities of a draw and of its coordinates are streaming logsumexps over all rows, N Z
 * exponentials per draw. Draws are independent: they are computed on all processors of the machine
 * and summed in order.
 */
public final class AggregatePosterior {
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  private final int rows;
  private final int latent;
  private final double[] mean;
  private final double[] logvar;
  private final double[] precision;

  /** The sums of the rows' weights up to each row and with it. */
  private final double[] sums;

  private final double[] logWeights;

  /**
   * The mixture of rows' posteriors.
   *
   * @param means (rows, latent), one row or more
   * @param logvars (rows, latent), clamped as in the model
   */
  public AggregatePosterior(Matrix means, Matrix logvars) {
    this(means, logvars, row -> 1);
  }

  /**
   * The mixture of rows' posteriors with weights.
   *
   * @param means (rows, latent), one row or more
   * @param logvars (rows, latent), clamped as in the model
   * @param weights of each row, 0 or more, not all 0; only their ratios matter
   */
  public AggregatePosterior(Matrix means, Matrix logvars, IntToDoubleFunction weights) {
    rows = means.rows();
    latent = means.columns();
    if (rows < 1 || logvars.rows() != rows || logvars.columns() != latent) {
      throw new IllegalArgumentException(
          "aggregated posterior: expected as many log variances as means, and a row or more, given "
              + rows
              + " x "
              + latent
              + " means and "
              + logvars.rows()
              + " x "
              + logvars.columns()
              + " log variances");
    }
    mean = new double[rows * latent];
    logvar = new double[rows * latent];
    precision = new double[rows * latent];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = means.values()[i];
      logvar[i] = logvars.values()[i];
      precision[i] = Math.exp(-logvar[i]);
    }
    sums = new double[rows];
    logWeights = new double[rows];
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      double weight = weights.applyAsDouble(row);
      sum += weight;
      sums[row] = sum;
      logWeights[row] = Math.log(weight);
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException(
          "aggregated posterior: expected a weight above 0, given a sum of " + sum);
    }
  }

  /** The log densities of a draw z from one row's posterior. */
  private record Densities(double posterior, double aggregate, double marginals, double prior) {}

  /**
   * Mutual information and the terms of the KL by Monte Carlo. Draws are spread evenly over rows,
   * in proportion to their weights.
   *
   * @param draws of z, 1 or more
   * @param seed of the draws
   * @return means over draws
   */
  public Information information(int draws, long seed) {
    if (draws < 1) {
      throw new IllegalArgumentException(
          "mutual information: draws: expected 1 or more, given " + draws);
    }
    Densities[] all = new Densities[draws];
    IntStream.range(0, draws).parallel().forEach(draw -> all[draw] = densities(draw, draws, seed));
    Moments kl = new Moments();
    Moments information = new Moments();
    Moments aggregate = new Moments();
    Moments correlation = new Moments();
    Moments dimensionwise = new Moments();
    for (Densities each : all) {
      kl.add(each.posterior - each.prior);
      information.add(each.posterior - each.aggregate);
      aggregate.add(each.aggregate - each.prior);
      correlation.add(each.aggregate - each.marginals);
      dimensionwise.add(each.marginals - each.prior);
    }
    return new Information(
        rows,
        draws,
        entropyOfWeights(),
        kl.mean(),
        information.mean(),
        information.standardError(),
        aggregate.mean(),
        aggregate.standardError(),
        correlation.mean(),
        dimensionwise.mean());
  }

  /** The row of a draw: the first one whose sum of weights exceeds the draw's part of the total. */
  private int rowAt(int draw, int draws) {
    double wanted = draw * sums[rows - 1] / draws;
    int found = Arrays.binarySearch(sums, wanted);
    int row = found < 0 ? -found - 1 : found;
    while (sums[row] <= wanted) {
      row++;
    }
    return row;
  }

  /** The mutual information of rows and codes that identify them: log N for equal weights. */
  private double entropyOfWeights() {
    double total = sums[rows - 1];
    double weighted = 0;
    for (double log : logWeights) {
      weighted += log == Double.NEGATIVE_INFINITY ? 0 : Math.exp(log) * log;
    }
    return Math.log(total) - weighted / total;
  }

  private Densities densities(int draw, int draws, long seed) {
    int own = rowAt(draw, draws);
    double[] z = new double[latent];
    double posterior = 0;
    double prior = 0;
    for (int j = 0; j < latent; j++) {
      int at = own * latent + j;
      double noise = Philox.normal(seed, Stream.INFORMATION, 0, draw, j);
      z[j] = mean[at] + Math.exp(logvar[at] / 2) * noise;
      posterior += logNormal(z[j], at);
      prior -= (LOG_2_PI + z[j] * z[j]) / 2;
    }
    LogSumExp joint = new LogSumExp();
    LogSumExp[] marginals = new LogSumExp[latent];
    for (int j = 0; j < latent; j++) {
      marginals[j] = new LogSumExp();
    }
    for (int row = 0; row < rows; row++) {
      double weight = logWeights[row];
      if (weight == Double.NEGATIVE_INFINITY) {
        continue;
      }
      double sum = weight;
      for (int j = 0; j < latent; j++) {
        double log = logNormal(z[j], row * latent + j);
        sum += log;
        marginals[j].add(log + weight);
      }
      joint.add(sum);
    }
    double logRows = Math.log(sums[rows - 1]);
    double product = 0;
    for (LogSumExp marginal : marginals) {
      product += marginal.value() - logRows;
    }
    return new Densities(posterior, joint.value() - logRows, product, prior);
  }

  private double logNormal(double z, int at) {
    double distance = z - mean[at];
    return -(LOG_2_PI + logvar[at] + distance * distance * precision[at]) / 2;
  }
}
