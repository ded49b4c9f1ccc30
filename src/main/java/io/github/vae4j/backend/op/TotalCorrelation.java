// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * The total correlation of q(z), KL(q(z) || prod_d q(z_d)), estimated from a batch (Chen et al.
 * 2018, "Isolating sources of disentanglement"), and its gradient with respect to the samples. With
 * {@code log q[r, j, d] = -1/2 (log(2 pi) + logvar + (z - mu)^2 exp(-logvar))} for z[r, d] and
 * stats[j], logvar clamped as in {@link Reparameterize}, and weights {@code a[r, j] = 1 / N} if
 * sample r is drawn from row j, else {@code (N - 1) / (N (B - 1))}:
 *
 * <ul>
 *   <li>{@code joint[r] = log sum_j a[r, j] prod_d q[r, j, d]}, an estimate of log q(z_r)
 *   <li>{@code marginal[r, d] = log sum_j a[r, j] q[r, j, d]}, of log q(z_rd)
 *   <li>{@code penalty[0] = scale / (B L) sum_r (joint[r] - sum_d marginal[r, d])}
 *   <li>{@code dz[r, d] += scale / (B L) sum_j (w[r, j] - v[r, j, d]) (mu - z) exp(-logvar)}, with
 *       {@code w = a prod_d q / exp(joint)} and {@code v = a q / exp(marginal)}
 * </ul>
 *
 * With these weights both sums are unbiased estimates of means over the N rows of the data: the row
 * of a sample is always in the batch, every other row with equal probability. This is the
 * stratified estimator of that paper's appendix C.2, averaged over the choice of its remainder row;
 * for B = N it is exact. The remaining bias is that of the logarithm of a mean, downwards in joint
 * and marginal. (The minibatch-weighted estimator of appendix C.1 has a = 1 / (B N): it adds (Z -
 * 1) log(N) nats at B = N, and gives the sample's own row N / B times too much weight in v and w.)
 * With B = 1 there are no other rows: a = 1, and the estimate is 0.
 *
 * @param stats FLOAT32 (B, 2Z): means, then log variances
 * @param z FLOAT32 (B, L, Z)
 * @param dz FLOAT32 (B, L, Z), added to
 * @param joint FLOAT32 (B, L)
 * @param marginal FLOAT32 (B, L, Z)
 * @param penalty FLOAT32 (1)
 * @param logOwn log a of a sample's own row, from {@link #logOwnWeight}
 * @param logOther log a of another row, from {@link #logOtherWeight}
 * @param scale the penalty's weight
 */
public record TotalCorrelation(
    Tensor stats,
    Tensor z,
    Tensor dz,
    Tensor joint,
    Tensor marginal,
    Tensor penalty,
    double logOwn,
    double logOther,
    float scale)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public TotalCorrelation {
    new Check("totalCorrelation")
        .finite("logOwn", logOwn)
        .finite("logOther", logOther)
        .finite("scale", scale)
        .in("stats", stats, "B 2Z")
        .in("z", z, "B L Z")
        .out("dz", dz, "B L Z")
        .out("joint", joint, "B L")
        .out("marginal", marginal, "B L Z")
        .out("penalty", penalty, "1")
        .done();
  }

  /**
   * The logarithm of the weight of a sample's own row.
   *
   * @param batch B
   * @param dataRows N, at least B
   * @return log a
   */
  public static double logOwnWeight(int batch, int dataRows) {
    requireBatch(batch, dataRows);
    return batch == 1 ? 0 : -Math.log(dataRows);
  }

  /**
   * The logarithm of the weight of another row.
   *
   * @param batch B
   * @param dataRows N, at least B
   * @return log a; 0, which is not used, where B is 1
   */
  public static double logOtherWeight(int batch, int dataRows) {
    requireBatch(batch, dataRows);
    return batch == 1 ? 0 : Math.log((dataRows - 1.0) / (batch - 1.0)) - Math.log(dataRows);
  }

  private static void requireBatch(int batch, int dataRows) {
    if (dataRows < batch) {
      throw new Check("totalCorrelation")
          .wrong("dataRows", "at least the batch, " + batch, dataRows);
    }
  }
}
