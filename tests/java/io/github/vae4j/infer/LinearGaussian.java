// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.DensePlace;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.ParameterLayout.Place;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.util.Arrays;

/**
 * z ~ N(0, I), x = W z + c + sigma noise, the columns of W orthogonal: then the exact posterior is
 * N(W^T (x - c) / (sigma^2 precision), 1 / precision) with precision = 1 + |column|^2 / sigma^2,
 * diagonal, and an encoder without hidden layers can represent it exactly, or with a known error.
 */
final class LinearGaussian {
  static final int FEATURES = 3;
  static final int LATENT = 2;
  static final double SIGMA = 0.5;
  private static final double[][] W = {{1.0, 0.3}, {-0.6, 0.5}, {0.4, 0.0}};
  private static final double[] C = {0.2, 0.1, -0.3};

  private LinearGaussian() {}

  /**
   * The model with an encoder that is wrong in every dimension and row alike.
   *
   * @param meanError added to the exact means
   * @param logvarError added to the exact log variances
   */
  static Vae model(Kind kind, String likelihood, double meanError, double logvarError) {
    VaeSpec spec =
        VaeSpec.builder(FEATURES)
            .hidden()
            .latent(LATENT)
            .likelihood(Likelihoods.parse(likelihood))
            .build();
    ParameterLayout layout = new ParameterLayout(spec);
    float[] weights = new float[layout.length()];
    DensePlace posterior = DensePlace.encoder(layout).get(0);
    DensePlace observation = DensePlace.decoder(layout).get(0);
    for (int j = 0; j < LATENT; j++) {
      double bias = meanError;
      for (int d = 0; d < FEATURES; d++) {
        double gain = W[d][j] / (SIGMA * SIGMA) / precision(j);
        weights[posterior.weightOffset() + 2 * LATENT * d + j] = (float) gain;
        weights[observation.weightOffset() + FEATURES * j + d] = (float) W[d][j];
        bias -= gain * C[d];
      }
      weights[posterior.biasOffset() + j] = (float) bias;
      weights[posterior.biasOffset() + LATENT + j] =
          (float) (-Math.log(precision(j)) + logvarError);
    }
    for (int d = 0; d < FEATURES; d++) {
      weights[observation.biasOffset() + d] = (float) C[d];
    }
    if (layout.has(ParameterLayout.SHARED)) {
      Place shared = layout.place(ParameterLayout.SHARED);
      float logVariance = (float) (2 * Math.log(SIGMA));
      Arrays.fill(weights, shared.offset(), shared.offset() + shared.length(), logVariance);
    }
    Vae vae = Vae.create(spec, new BackendOptions(kind, 1, Precision.FP32), 0);
    vae.setWeights(weights);
    return vae;
  }

  static Vae model(Kind kind, double meanError, double logvarError) {
    return model(kind, "gaussian:sigma=" + SIGMA, meanError, logvarError);
  }

  static double precision(int j) {
    return precision(j, SIGMA);
  }

  static double precision(int j, double sigma) {
    double squares = 0;
    for (int d = 0; d < FEATURES; d++) {
      squares += W[d][j] * W[d][j];
    }
    return 1 + squares / (sigma * sigma);
  }

  static double posteriorMean(float[] x, int j) {
    return posteriorMean(x, j, SIGMA);
  }

  static double posteriorMean(float[] x, int j, double sigma) {
    double projection = 0;
    for (int d = 0; d < FEATURES; d++) {
      projection += W[d][j] * (x[d] - C[d]);
    }
    return projection / (sigma * sigma) / precision(j, sigma);
  }

  /**
   * The closed form of mean and variance of each feature given those that are not NaN.
   *
   * @return (2, FEATURES)
   */
  static double[][] conditional(float[] x) {
    double p = 1;
    double q = 0;
    double r = 1;
    double a = 0;
    double b = 0;
    for (int d = 0; d < FEATURES; d++) {
      if (!Float.isNaN(x[d])) {
        p += W[d][0] * W[d][0] / (SIGMA * SIGMA);
        q += W[d][0] * W[d][1] / (SIGMA * SIGMA);
        r += W[d][1] * W[d][1] / (SIGMA * SIGMA);
        a += W[d][0] * (x[d] - C[d]) / (SIGMA * SIGMA);
        b += W[d][1] * (x[d] - C[d]) / (SIGMA * SIGMA);
      }
    }
    double determinant = p * r - q * q;
    double[][] found = new double[2][FEATURES];
    for (int d = 0; d < FEATURES; d++) {
      double u = W[d][0];
      double v = W[d][1];
      found[0][d] = C[d] + (u * (r * a - q * b) + v * (p * b - q * a)) / determinant;
      found[1][d] = SIGMA * SIGMA + (u * u * r - 2 * u * v * q + v * v * p) / determinant;
    }
    return found;
  }

  /** KL of an encoder with such errors from the exact posterior, the same for every row. */
  static double divergence(double meanError, double logvarError) {
    double sum = 0;
    for (int j = 0; j < LATENT; j++) {
      sum += Math.exp(logvarError) - 1 - logvarError + meanError * meanError * precision(j);
    }
    return sum / 2;
  }

  static Matrix rows(int n) {
    Matrix x = Matrix.zeros(n, FEATURES);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] =
          (float) (1.2 * Philox.normal(5, Stream.OBSERVATION, 0, i / FEATURES, i % FEATURES));
    }
    return x;
  }
}
