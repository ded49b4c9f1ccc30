// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.util.Locale;

/**
 * p(z) = sum_k weight_k N(z; mean_k, L_k L_k^T), fitted by expectation maximisation (Dempster,
 * Laird and Rubin 1977; as a VAE's sampler: Ghosh et al. 2020, "From variational to deterministic
 * autoencoders", section 4).
 *
 * @param weights (K), positive, summing to 1
 * @param means (K, Z)
 * @param factors (K, Z * Z): the lower triangular Cholesky factor L of each covariance, row by row
 */
@SuppressWarnings("ArrayRecordComponent")
public record GaussianMixture(double[] weights, double[][] means, double[][] factors)
    implements LatentSampler {
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  /** Checks sizes and values. {@inheritDoc} */
  public GaussianMixture {
    int count = weights.length;
    if (count < 1 || means.length != count || factors.length != count) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "expected as many means and factors as weights, 1 or more, given %d, %d and %d",
              means.length,
              factors.length,
              count));
    }
    int latent = means[0].length;
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += weights[k];
      if (!(weights[k] > 0)) {
        throw wrong("weight " + k + ": expected a number above 0, given " + weights[k]);
      }
      if (latent < 1 || means[k].length != latent || factors[k].length != latent * latent) {
        throw wrong(
            "component " + k + ": its mean and factor are not of " + latent + " dimensions");
      }
      checkValues(k, means[k], factors[k]);
    }
    if (!(Math.abs(sum - 1) < 1e-6)) {
      throw wrong("expected weights whose sum is 1, given " + sum);
    }
  }

  private static void checkValues(int component, double[] mean, double[] factor) {
    int latent = mean.length;
    for (int i = 0; i < latent; i++) {
      boolean valid = Double.isFinite(mean[i]) && factor[i * latent + i] > 0;
      for (int j = 0; j < latent; j++) {
        double value = factor[i * latent + j];
        valid &= j <= i ? Double.isFinite(value) : value == 0;
      }
      if (!valid) {
        throw wrong(
            "component "
                + component
                + ", dimension "
                + i
                + ": expected a finite mean and a lower triangular factor with a diagonal above 0");
      }
    }
  }

  private static IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException("mixture: " + problem);
  }

  /**
   * Fits a mixture.
   *
   * @param codes (N, Z), at least as many as components
   * @param config the settings of the fit
   * @return the mixture and the course of the fit; the same bits for the same arguments
   */
  public static MixtureFit fit(Matrix codes, MixtureConfig config) {
    return fit(WeightedCodes.equal(codes), config);
  }

  /**
   * Fits a mixture to codes with weights.
   *
   * @param codes at least as many as components
   * @param config the settings of the fit
   * @return the mixture and the course of the fit; the same bits for the same arguments
   */
  public static MixtureFit fit(WeightedCodes codes, MixtureConfig config) {
    return new MixtureEm(codes, config).run();
  }

  /**
   * The number of components.
   *
   * @return K
   */
  public int components() {
    return weights.length;
  }

  @Override
  public int latent() {
    return means[0].length;
  }

  /**
   * A component's covariance.
   *
   * @param component 0 to K - 1
   * @return (Z * Z), row by row
   */
  public double[] covariance(int component) {
    int latent = latent();
    double[] factor = factors[component];
    double[] covariance = new double[latent * latent];
    for (int i = 0; i < latent; i++) {
      for (int j = 0; j < latent; j++) {
        for (int c = 0; c <= Math.min(i, j); c++) {
          covariance[i * latent + j] += factor[i * latent + c] * factor[j * latent + c];
        }
      }
    }
    return covariance;
  }

  /**
   * log p(z).
   *
   * @param codes (n, Z)
   * @return nats, by row
   */
  public double[] logDensity(Matrix codes) {
    if (codes.columns() != latent()) {
      throw wrong("expected codes of " + latent() + " dimensions, given " + codes.columns());
    }
    double[] constants = constants();
    double[] terms = new double[components()];
    double[] work = new double[latent()];
    double[] density = new double[codes.rows()];
    for (int row = 0; row < codes.rows(); row++) {
      logTerms(codes, row, constants, work, terms);
      density[row] = logSum(terms);
    }
    return density;
  }

  /** The term of a component's log density that does not depend on z. */
  double[] constants() {
    double[] constants = new double[components()];
    int latent = latent();
    for (int k = 0; k < constants.length; k++) {
      constants[k] = Math.log(weights[k]) - latent * LOG_2_PI / 2;
      for (int i = 0; i < latent; i++) {
        constants[k] -= Math.log(factors[k][i * latent + i]);
      }
    }
    return constants;
  }

  /** Computes log(weight_k N(z; k)) of one code for each k; work has the length of a code. */
  void logTerms(Matrix codes, int row, double[] constants, double[] work, double[] terms) {
    int latent = work.length;
    for (int k = 0; k < terms.length; k++) {
      double[] factor = factors[k];
      double[] mean = means[k];
      double squares = 0;
      for (int i = 0; i < latent; i++) {
        double value = codes.values()[row * latent + i] - mean[i];
        for (int j = 0; j < i; j++) {
          value -= factor[i * latent + j] * work[j];
        }
        work[i] = value / factor[i * latent + i];
        squares += work[i] * work[i];
      }
      terms[k] = constants[k] - squares / 2;
    }
  }

  static double logSum(double[] terms) {
    double most = Double.NEGATIVE_INFINITY;
    for (double term : terms) {
      most = Math.max(most, term);
    }
    double sum = 0;
    for (double term : terms) {
      sum += Math.exp(term - most);
    }
    return most + Math.log(sum);
  }

  /** The temperature scales the noise within components; their means and weights do not change. */
  @Override
  public Matrix draw(Backend backend, int n, long seed, double temperature) {
    int latent = latent();
    Matrix codes = Matrix.zeros(n, latent);
    double[] noise = new double[latent];
    for (int row = 0; row < n; row++) {
      int k = pick(Philox.uniform(seed, Stream.MIXTURE, 1, row, 0));
      for (int i = 0; i < latent; i++) {
        noise[i] = temperature * Philox.normal(seed, Stream.PRIOR, 0, row, i);
        double value = means[k][i];
        for (int j = 0; j <= i; j++) {
          value += factors[k][i * latent + j] * noise[j];
        }
        codes.values()[row * latent + i] = (float) value;
      }
    }
    return codes;
  }

  private int pick(double uniform) {
    double sum = 0;
    for (int k = 0; k < weights.length - 1; k++) {
      sum += weights[k];
      if (uniform < sum) {
        return k;
      }
    }
    return weights.length - 1;
  }
}
