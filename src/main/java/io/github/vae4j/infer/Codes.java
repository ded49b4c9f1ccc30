// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.tensor.Matrix;

/**
 * The posteriors of rows: q(z|x) = N(mean, exp(logvar)).
 *
 * @param mean (rows, latent)
 * @param logvar (rows, latent)
 */
public record Codes(Matrix mean, Matrix logvar) {
  /**
   * The clamped log variances, which the model uses in place of the encoder's.
   *
   * @return (rows, latent), clamped as in {@link Reparameterize}
   */
  public Matrix clampedLogvar() {
    Matrix clamped = Matrix.zeros(logvar.rows(), logvar.columns());
    for (int i = 0; i < clamped.values().length; i++) {
      clamped.values()[i] = (float) Reparameterize.clamp(logvar.values()[i]);
    }
    return clamped;
  }
}
