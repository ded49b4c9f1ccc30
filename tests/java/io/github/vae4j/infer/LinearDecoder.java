// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.DensePlace;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * A model without hidden layers, x = W z + c + sigma noise, of 5 features and 3 latent dimensions,
 * so that x ~ N(c, W W' + sigma^2 I). The output of its encoder is the prior.
 */
final class LinearDecoder {
  static final int FEATURES = 5;
  static final int LATENT = 3;
  static final double SIGMA = 0.6;

  private LinearDecoder() {}

  static double w(int z, int d) {
    return (float) (0.7 * Philox.normal(11, Stream.INITIALIZE, 0, z, d));
  }

  static double c(int d) {
    return (float) (0.2 * d - 0.3);
  }

  static Vae model(Likelihood likelihood, BackendOptions.Kind backend) {
    VaeSpec spec = VaeSpec.builder(FEATURES).hidden().latent(LATENT).likelihood(likelihood).build();
    ParameterLayout layout = new ParameterLayout(spec);
    float[] weights = new float[layout.length()];
    DensePlace observation = DensePlace.decoder(layout).get(0);
    for (int d = 0; d < FEATURES; d++) {
      for (int z = 0; z < LATENT; z++) {
        weights[observation.weightOffset() + z * FEATURES + d] = (float) w(z, d);
      }
      weights[observation.biasOffset() + d] = (float) c(d);
    }
    if (layout.has(ParameterLayout.SHARED)) {
      weights[layout.place(ParameterLayout.SHARED).offset()] = (float) Math.log(SIGMA * SIGMA);
    }
    Vae vae = Vae.create(spec, new BackendOptions(backend, 1, Precision.FP32), 0);
    vae.setWeights(weights);
    return vae;
  }

  static Matrix rows(int n) {
    Matrix x = Matrix.zeros(n, FEATURES);
    for (int i = 0; i < x.values().length; i++) {
      double noise = Philox.normal(5, Stream.OBSERVATION, 0, i / FEATURES, i % FEATURES);
      x.values()[i] = (float) (c(i % FEATURES) + noise);
    }
    return x;
  }

  /** log N(x; c, W W' + sigma^2 I), with EJML's determinant and solver. */
  static double logp(float[] x) {
    DMatrixRMaj covariance = new DMatrixRMaj(FEATURES, FEATURES);
    DMatrixRMaj error = new DMatrixRMaj(FEATURES, 1);
    for (int i = 0; i < FEATURES; i++) {
      error.set(i, 0, x[i] - c(i));
      for (int j = 0; j < FEATURES; j++) {
        double sum = i == j ? SIGMA * SIGMA : 0;
        for (int z = 0; z < LATENT; z++) {
          sum += w(z, i) * w(z, j);
        }
        covariance.set(i, j, sum);
      }
    }
    DMatrixRMaj solved = new DMatrixRMaj(FEATURES, 1);
    CommonOps_DDRM.solve(covariance, error, solved);
    double quadratic = 0;
    for (int i = 0; i < FEATURES; i++) {
      quadratic += error.get(i, 0) * solved.get(i, 0);
    }
    double logDeterminant = Math.log(CommonOps_DDRM.det(covariance));
    return -(FEATURES * Math.log(2 * Math.PI) + logDeterminant + quadratic) / 2;
  }

  static double meanLogp(Matrix x) {
    double sum = 0;
    for (int i = 0; i < x.rows(); i++) {
      sum += logp(x.row(i));
    }
    return sum / x.rows();
  }
}
