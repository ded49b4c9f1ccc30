package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * A linear map after {@link Reparameterize} that makes a Gaussian with a full covariance matrix of
 * a diagonal one: {@code z_i = z0_i + sum_{j<i} A_ij z0_j}, A strictly lower triangular and given
 * by the encoder for each row (Kingma et al. 2016, section 5, the linear inverse autoregressive
 * flow). With z0 ~ N(mu, D) the posterior is N((I + A) mu, (I + A) D (I + A)^T), and any Gaussian
 * is one of these: it is the Cholesky factor with its diagonal, D, apart. The map keeps volumes:
 * {@code logRatio[r] = logRatio[r] + 1/2 (|z0|^2 - |z|^2)}.
 *
 * @param parameters FLOAT32 (batch, width), of which the last latent (latent - 1) / 2 columns are
 *     read: A row by row, below the diagonal
 * @param z0 FLOAT32 (batch * samples, latent)
 * @param z FLOAT32 (batch * samples, latent)
 * @param logRatio FLOAT32 (batch * samples), updated
 * @param batch B
 * @param samples L
 * @param latent Z
 * @param width columns of parameters
 */
public record TriangularMap(
    Buffer parameters,
    Buffer z0,
    Buffer z,
    Buffer logRatio,
    int batch,
    int samples,
    int latent,
    int width)
    implements Op {
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
