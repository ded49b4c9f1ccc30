// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.backend.Estimator;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link Reparameterize} and of the latent term. eps is drawn again, not stored.
 * With w = weight (1 if it is null) and g = klScale beta:
 *
 * <ul>
 *   <li>{@link Estimator#ANALYTIC}, the gradient of g kl[b]: {@code dmu = sum_l dz + h mu}, {@code
 *       dlogvar = sum_l dz eps exp(logvar / 2) / 2 + h (exp(logvar) - 1) / 2}. h is g times the
 *       mean over l of w; 0 for a dimension whose klPerDimension is below freeBits (Kingma et al.
 *       2016, equation 15); and with a capacity C (Burgess et al. 2018) times the sign of sum_j
 *       klPerDimension[j] - C, the gradient of g |kl - C| for the batch's mean
 *   <li>{@link Estimator#SAMPLED}, the gradient of - g / L sum_l w logRatio: with {@code s = dz + g
 *       w z / L}, {@code dmu = sum_l s}, {@code dlogvar = sum_l (s eps exp(logvar / 2) - g w / L) /
 *       2}
 *   <li>{@link Estimator#DOUBLY_REPARAMETERIZED} (Tucker et al. 2019, equation 8): with K = L /
 *       groups and {@code s = (w / K) (dz + g w (z - eps / exp(logvar / 2)) / L)}, {@code dmu =
 *       sum_l s}, {@code dlogvar = sum_l s eps exp(logvar / 2) / 2}
 * </ul>
 *
 * In all of them dlogvar is 0 where logvar was outside the clamp. dz is not multiplied by w here:
 * {@link LikelihoodLoss} has applied w to it.
 *
 * @param forward the op whose gradient this is
 * @param dz FLOAT32 (B, L, Z)
 * @param weight FLOAT32 (B, L), from {@link SampleWeights}; null for 1
 * @param dStats FLOAT32 (B, 2Z)
 * @param groups M, as in SampleWeights; L if weight is null
 * @param klScale the weight of one row's latent term: 1 / B for a mean over the batch
 * @param freeBits nats of KL per dimension without a gradient; 0 for none
 * @param capacity whether the target of the KL is the control block's capacity
 * @param estimator of the latent term's gradient
 */
public record ReparameterizeBackward(
    Reparameterize forward,
    Tensor dz,
    @Nullable Tensor weight,
    Tensor dStats,
    int groups,
    float klScale,
    float freeBits,
    boolean capacity,
    Estimator estimator)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public ReparameterizeBackward {
    Check check = new Check("reparameterizeBackward");
    check
        .given("forward", forward, "the op whose gradient this is")
        .given("estimator", estimator, "an estimator")
        .finite("klScale", klScale)
        .finiteNotNegative("freeBits", freeBits)
        .size("L", forward.z().dim(1))
        .in("stats", forward.stats(), "B 2Z")
        .in("dz", dz, "B L Z")
        .mayIn("klPerDimension", forward.klPerDimension(), "Z")
        .mayIn("weight", weight, "B L")
        .out("dStats", dStats, "B 2Z")
        .control(forward.control())
        .groups(groups);
    if (forward.klPerDimension() == null && (freeBits > 0 || capacity)) {
      String needed = capacity ? "a capacity needs" : "freeBits above 0 need";
      throw check.wrong("klPerDimension", "a tensor, which " + needed, "null");
    }
    if (estimator != Estimator.ANALYTIC && (freeBits > 0 || capacity)) {
      throw check.wrong("estimator", "ANALYTIC, which freeBits and a capacity need", estimator);
    }
    if (freeBits > 0 && capacity) {
      throw check.wrong("freeBits", "0 with a capacity", freeBits);
    }
    check.done();
  }
}
