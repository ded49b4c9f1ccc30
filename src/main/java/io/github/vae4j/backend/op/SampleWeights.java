// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A bound for each row from several samples, and the weight of each sample in its gradient. With
 * {@code log w[b, l] = beta logRatio[b L + l] - nll[b L + l]}, the L samples in groups of K, and
 * {@code s = 1 - alpha}:
 *
 * <ul>
 *   <li>{@code bound[b] = mean over groups of (logsumexp over the group of s log w - log K) / s}
 *   <li>{@code weight[b L + l] = K exp(s log w) / sum over the group of exp(s log w)}, the softmax
 *       scaled to a mean of 1, times rowWeight[b]
 * </ul>
 *
 * With alpha = 1 they are the limits: the mean of log w, and 1. alpha = 0 is the
 * importance-weighted bound (Burda et al. 2016, equation 8; weights: equation 14), others are the
 * Renyi bounds (Li and Turner 2016, equation 5); several groups are the MIWAE of Rainforth et al.
 * 2018. If all log w of a group are negative infinity, or one is NaN, bound and weights are NaN.
 *
 * @param nll FLOAT32 (B, L)
 * @param logRatio FLOAT32 (B, L): log p(z) - log q(z|x)
 * @param rowWeight FLOAT32 (B); null for 1
 * @param weight FLOAT32 (B, L)
 * @param bound FLOAT32 (B), in nats
 * @param control beta
 * @param groups M; L = M K
 * @param alpha the order
 */
public record SampleWeights(
    Tensor nll,
    Tensor logRatio,
    @Nullable Tensor rowWeight,
    Tensor weight,
    Tensor bound,
    Control control,
    int groups,
    double alpha)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public SampleWeights {
    new Check("sampleWeights")
        .finite("alpha", alpha)
        .in("nll", nll, "B L")
        .in("logRatio", logRatio, "B L")
        .mayIn("rowWeight", rowWeight, "B")
        .out("weight", weight, "B L")
        .out("bound", bound, "B")
        .control(control)
        .groups(groups)
        .done();
  }
}
