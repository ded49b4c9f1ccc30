// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * Self-attention of an image's R pixels (Vaswani et al. 2017), without projections. Each pixel has
 * C queries, then C keys, then C values; H heads have D = C / H adjacent channels each. With q, k
 * and v those of image n and head h:
 *
 * <ul>
 *   <li>{@code s[i, j] = q_i . k_j / sqrt(D)}, {@code lse[n, i, h] = log sum_j exp(s[i, j])}
 *   <li>{@code y[n, i, h D + d] = sum_j exp(s[i, j] - lse[n, i, h]) v_j[d]}
 * </ul>
 *
 * <p>The sums are those of the online softmax (Milakov and Gimelshein 2018): no exponential
 * overflows, and memory does not grow with R x R. A score of minus infinity has the weight 0. A
 * pixel i with a score of NaN or infinity, or with no other score than minus infinity, has the lse
 * and all D values of y NaN. A NaN in {@code v_j[d]} makes {@code y[n, i, h D + d]} NaN for all i;
 * an infinity there makes them infinite or NaN.
 *
 * @param qkv FLOAT32 (N, R, 3C)
 * @param lse FLOAT32 (N, R, H), written
 * @param y FLOAT32 (N, R, C)
 */
public record Attention(Tensor qkv, Tensor lse, Tensor y) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public Attention {
    Check check = new Check("attention");
    check.in("qkv", qkv, "N R 3C").out("lse", lse, "N R H").out("y", y, "N R C");
    if (check.size("C") % check.size("H") != 0) {
      throw check.wrong("lse", "a divisor of the " + check.size("C") + " channels", lse);
    }
    check.done();
  }

  /**
   * The factor of the scores.
   *
   * @return 1 / sqrt(D)
   */
  public double scale() {
    return 1 / Math.sqrt(width());
  }

  /**
   * The channels of a head.
   *
   * @return D
   */
  public int width() {
    return y.dim(2) / lse.dim(2);
  }

  /** Of scores, and of sums over values. {@inheritDoc} */
  @Override
  public long products() {
    return 2 * y.length() * y.dim(1);
  }
}
