// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import io.github.vae4j.sampler.MixtureConfig.Covariance;
import io.github.vae4j.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Expectation maximisation of a Gaussian mixture, responsibilities by logsumexp. Rows (in the
 * E-step) and components (in the M-step) are computed in parallel, each by one thread, so that no
 * bit depends on the number of threads.
 *
 * <p>A component without codes is removed, which changes the likelihood by at most {@link #EMPTY}
 * nats in all. A singular covariance, such as that of a component with fewer codes than dimensions,
 * is regularised by the smallest sufficient diagonal, in powers of ten, so that the likelihood
 * stays bounded.
 */
final class MixtureEm {
  private static final double EMPTY = 1e-3;
  private static final double LEAST_VARIANCE = 1e-6;
  private static final int CHUNK = 1024;

  private final WeightedCodes weighted;
  private final Matrix codes;
  private final MixtureConfig config;
  private final int latent;
  private final double floor;

  MixtureEm(WeightedCodes weighted, MixtureConfig config) {
    Matrix codes = weighted.codes();
    if (codes.rows() < config.components()) {
      throw new IllegalArgumentException(
          "components: expected at most the number of codes, "
              + codes.rows()
              + ", given "
              + config.components());
    }
    for (int i = 0; i < codes.values().length; i++) {
      if (!Float.isFinite(codes.values()[i])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "code %d, dimension %d: expected a finite value, given %s",
                i / codes.columns(),
                i % codes.columns(),
                codes.values()[i]));
      }
    }
    this.weighted = weighted;
    this.codes = codes;
    this.config = config;
    this.latent = codes.columns();
    double variance = meanVariance();
    this.floor = LEAST_VARIANCE * (variance > 0 ? variance : 1);
  }

  private double meanVariance() {
    double sum = 0;
    for (int j = 0; j < latent; j++) {
      double mean = 0;
      for (int row = 0; row < codes.rows(); row++) {
        mean += weighted.weight(row) * codes.at(row, j);
      }
      mean /= codes.rows();
      for (int row = 0; row < codes.rows(); row++) {
        double distance = codes.at(row, j) - mean;
        sum += weighted.weight(row) * (distance * distance);
      }
    }
    return sum / codes.rows() / latent;
  }

  MixtureFit run() {
    int[] nearest = KMeansPlusPlus.nearestSeed(weighted, config.components(), config.seed());
    int count = 0;
    for (int seed : nearest) {
      count = Math.max(count, seed + 1);
    }
    double[][] shares = new double[count][codes.rows()];
    for (int row = 0; row < nearest.length; row++) {
      shares[nearest[row]][row] = weighted.weight(row);
    }
    GaussianMixture mixture = maximise(shares);
    List<Double> history = new ArrayList<>();
    boolean converged = false;
    while (true) {
      shares = new double[mixture.components()][codes.rows()];
      double logLikelihood = expect(mixture, shares);
      double last = history.isEmpty() ? Double.NEGATIVE_INFINITY : history.get(history.size() - 1);
      history.add(logLikelihood);
      converged = logLikelihood - last < config.tolerance();
      if (converged || history.size() > config.iterations()) {
        break;
      }
      mixture = maximise(shares);
    }
    return new MixtureFit(
        mixture, history.stream().mapToDouble(Double::doubleValue).toArray(), converged);
  }

  /**
   * Computes the responsibility of each component for each code, times the code's weight; returns
   * the mean log density.
   */
  private double expect(GaussianMixture mixture, double[][] shares) {
    double[] constants = mixture.constants();
    double[] density = new double[codes.rows()];
    int chunks = (codes.rows() + CHUNK - 1) / CHUNK;
    IntStream.range(0, chunks)
        .parallel()
        .forEach(
            chunk -> {
              double[] terms = new double[constants.length];
              double[] work = new double[latent];
              int end = Math.min(codes.rows(), (chunk + 1) * CHUNK);
              for (int row = chunk * CHUNK; row < end; row++) {
                mixture.logTerms(codes, row, constants, work, terms);
                density[row] = GaussianMixture.logSum(terms);
                for (int k = 0; k < terms.length; k++) {
                  shares[k][row] = weighted.weight(row) * Math.exp(terms[k] - density[row]);
                }
              }
            });
    return weighted.mean(density);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Component(double count, double[] mean, double[] factor) {}

  private GaussianMixture maximise(double[][] shares) {
    List<Component> components = new ArrayList<>();
    List<@Nullable Component> all =
        IntStream.range(0, shares.length).parallel().mapToObj(k -> component(shares[k])).toList();
    double total = 0;
    for (Component component : all) {
      if (component != null) {
        components.add(component);
        total += component.count;
      }
    }
    double sum = total;
    return new GaussianMixture(
        components.stream().mapToDouble(component -> component.count / sum).toArray(),
        components.stream().map(Component::mean).toArray(double[][]::new),
        components.stream().map(Component::factor).toArray(double[][]::new));
  }

  /** The component for given responsibilities; null if it has almost no codes. */
  private @Nullable Component component(double[] shares) {
    double count = 0;
    double[] mean = new double[latent];
    for (int row = 0; row < shares.length; row++) {
      count += shares[row];
      for (int j = 0; j < latent; j++) {
        mean[j] += shares[row] * codes.values()[row * latent + j];
      }
    }
    if (count < EMPTY) {
      return null;
    }
    for (int j = 0; j < latent; j++) {
      mean[j] /= count;
    }
    double[] covariance = new double[latent * latent];
    double[] centred = new double[latent];
    boolean full = config.covariance() == Covariance.FULL;
    for (int row = 0; row < shares.length; row++) {
      if (shares[row] == 0) {
        continue;
      }
      for (int i = 0; i < latent; i++) {
        centred[i] = codes.values()[row * latent + i] - mean[i];
        double weighted = shares[row] * centred[i];
        for (int j = full ? 0 : i; j <= i; j++) {
          covariance[i * latent + j] += weighted * centred[j];
        }
      }
    }
    for (int i = 0; i < covariance.length; i++) {
      covariance[i] /= count;
    }
    return new Component(count, mean, full ? regularFactor(covariance) : deviations(covariance));
  }

  private double[] deviations(double[] covariance) {
    for (int i = 0; i < latent; i++) {
      int at = i * latent + i;
      covariance[at] = Math.sqrt(Math.max(covariance[at], floor));
    }
    return covariance;
  }

  private double[] regularFactor(double[] covariance) {
    double[] factor = factor(covariance, 0);
    for (double added = floor; factor == null; added *= 10) {
      factor = factor(covariance, added);
    }
    return factor;
  }

  /** The Cholesky factor of a covariance plus a diagonal; null if a pivot is too small. */
  private double @Nullable [] factor(double[] covariance, double added) {
    double[] factor = new double[covariance.length];
    for (int i = 0; i < latent; i++) {
      for (int j = 0; j <= i; j++) {
        double value = covariance[i * latent + j] + (i == j ? added : 0);
        for (int c = 0; c < j; c++) {
          value -= factor[i * latent + c] * factor[j * latent + c];
        }
        if (i == j && value < floor / 2) {
          return null;
        }
        factor[i * latent + j] = i == j ? Math.sqrt(value) : value / factor[j * latent + j];
      }
    }
    return factor;
  }
}
