package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * The total correlation of q(z), KL(q(z) || prod_d q(z_d)), estimated from a batch (Chen et al.
 * 2018, "Isolating sources of disentanglement"), and its gradient along the samples. With {@code
 * log q[r, j, d] = -1/2 (log(2 pi) + logvar + (z - mu)^2 exp(-logvar))} for z[r, d] and stats[j],
 * logvar clamped as in {@link Reparameterize}, and weights {@code a[r, j] = 1 / N} where j is the
 * row that r is a sample of and {@code (N - 1) / (N (B - 1))} else:
 *
 * <ul>
 *   <li>{@code joint[r] = log sum_j a[r, j] prod_d q[r, j, d]}, an estimate of log q(z_r)
 *   <li>{@code marginal[r, d] = log sum_j a[r, j] q[r, j, d]}, of log q(z_rd)
 *   <li>{@code penalty[0] = scale / (B L) sum_r (joint[r] - sum_d marginal[r, d])}
 *   <li>{@code dz[r, d] += scale / (B L) sum_j (w[r, j] - v[r, j, d]) (mu - z) exp(-logvar)}, with
 *       {@code w = a prod_d q / exp(joint)} and {@code v = a q / exp(marginal)}
 * </ul>
 *
 * The weights make both sums means over the N rows of the data without bias: the row of a sample is
 * in the batch for certain, every other one by chance. This is the stratified estimator of that
 * paper's appendix C.2, averaged over which of the other rows takes the remainder there; for B = N
 * it is exact. What is left is the bias of a logarithm of a mean, downwards in joint and marginal.
 * (The minibatch-weighted estimator of appendix C.1 has a = 1 / (B N): it adds (Z - 1) log(N) nats
 * at B = N, and gives the sample's own row N / B times too much weight in v and w.) With B = 1
 * there are no other rows: a = 1, and the estimate is 0.
 *
 * @param stats FLOAT32 (batch, 2 latent): means, then log variances
 * @param z FLOAT32 (batch * samples, latent)
 * @param dz FLOAT32 (batch * samples, latent), added to
 * @param joint FLOAT32 (batch * samples)
 * @param marginal FLOAT32 (batch * samples, latent)
 * @param penalty FLOAT32 (1)
 * @param batch B
 * @param samples L
 * @param latent Z
 * @param dataRows N, at least B
 * @param scale the penalty's weight
 */
public record TotalCorrelation(
    Buffer stats,
    Buffer z,
    Buffer dz,
    Buffer joint,
    Buffer marginal,
    Buffer penalty,
    int batch,
    int samples,
    int latent,
    int dataRows,
    float scale)
    implements Op {
  /**
   * The logarithm of the weight of a sample's own row.
   *
   * @param batch B
   * @param dataRows N
   * @return log a
   */
  public static double logOwnWeight(int batch, int dataRows) {
    return batch == 1 ? 0 : -Math.log(dataRows);
  }

  /**
   * The logarithm of the weight of another row.
   *
   * @param batch B
   * @param dataRows N
   * @return log a; 0, which is not used, where B is 1
   */
  public static double logOtherWeight(int batch, int dataRows) {
    return batch == 1 ? 0 : Math.log((dataRows - 1.0) / (batch - 1.0)) - Math.log(dataRows);
  }
}
