// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * The gradient of {@link Attention}. The probabilities are computed again from the lse (Dao et al.
 * 2022). For image n and head h, with {@code g_i} the D values of dy:
 *
 * <ul>
 *   <li>{@code p[i, j] = exp(s[i, j] - lse[n, i, h])}, {@code delta_i = g_i . y_i}
 *   <li>{@code t[i, j] = p[i, j] (g_i . v_j - delta_i)}
 *   <li>{@code dq_i = sum_j t[i, j] k_j / sqrt(D)}, {@code dk_j = sum_i t[i, j] q_i / sqrt(D)},
 *       {@code dv_j = sum_i p[i, j] g_i}
 * </ul>
 *
 * <p>A pixel whose lse is NaN makes its dq and all dk and dv of the image's head NaN.
 *
 * @param forward the op whose gradient this is
 * @param dy FLOAT32 (N, R, C)
 * @param dqkv FLOAT32 (N, R, 3C): dq, then dk, then dv of each pixel
 */
public record AttentionBackward(Attention forward, Tensor dy, Tensor dqkv) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public AttentionBackward {
    new Check("attentionBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("qkv", forward.qkv(), "N R 3C")
        .in("lse", forward.lse(), "N R H")
        .in("y", forward.y(), "N R C")
        .in("dy", dy, "N R C")
        .out("dqkv", dqkv, "N R 3C")
        .done();
  }

  /** Of scores, of the gradients of probabilities, and of sums for dq, dk and dv. {@inheritDoc} */
  @Override
  public long products() {
    return 5 * dy.length() * dy.dim(1);
  }
}
