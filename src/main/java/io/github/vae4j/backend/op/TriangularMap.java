// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * A linear map after {@link Reparameterize}, which turns a diagonal Gaussian into one with a full
 * covariance matrix: {@code z_i = z0_i + sum_{j<i} A_ij z0_j}, A strictly lower triangular and
 * given by the encoder for each row (Kingma et al. 2016, section 5, the linear inverse
 * autoregressive flow). With z0 ~ N(mu, D) the posterior is N((I + A) mu, (I + A) D (I + A)^T), and
 * every Gaussian has this form: it is the Cholesky factorisation with a separate diagonal D. The
 * map preserves volume: {@code logRatio[r] = logRatio[r] + 1/2 (|z0|^2 - |z|^2)}.
 *
 * @param parameters FLOAT32 (B, W), of which the last Z (Z - 1) / 2 columns are read: A row by row,
 *     below the diagonal
 * @param z0 FLOAT32 (B, L, Z)
 * @param z FLOAT32 (B, L, Z)
 * @param logRatio FLOAT32 (B, L), updated
 */
public record TriangularMap(Tensor parameters, Tensor z0, Tensor z, Tensor logRatio) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public TriangularMap {
    Check check = new Check("triangularMap");
    check
        .in("parameters", parameters, "B W")
        .in("z0", z0, "B L Z")
        .out("z", z, "B L Z")
        .out("logRatio", logRatio, "B L");
    if (check.size("W") < entries(check.size("Z"))) {
      throw check.wrong("parameters", entries(check.size("Z")) + " columns or more", parameters);
    }
    check.done();
  }

  /**
   * The number of A's entries.
   *
   * @param latent Z
   * @return Z (Z - 1) / 2
   */
  public static int entries(int latent) {
    return Math.toIntExact((long) latent * (latent - 1) / 2);
  }
}
