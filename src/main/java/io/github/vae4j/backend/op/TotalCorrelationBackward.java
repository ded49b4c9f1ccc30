// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * The gradient of {@link TotalCorrelation} with respect to the parameters of the densities, with z
 * fixed. With w and v as in that op:
 *
 * <ul>
 *   <li>{@code dStats[j, d] += scale / (B L) sum_r (w[r, j] - v[r, j, d]) (z - mu) exp(-logvar)}
 *   <li>{@code dStats[j, Z + d] += scale / (2 B L) sum_r (w[r, j] - v[r, j, d]) ((z - mu)^2
 *       exp(-logvar) - 1)}, 0 where logvar was outside the clamp
 * </ul>
 *
 * It runs after {@link ReparameterizeBackward}, which sets dStats and uses the gradient of z.
 *
 * @param forward the op whose gradient this is
 * @param dStats FLOAT32 (B, 2Z), added to
 */
public record TotalCorrelationBackward(TotalCorrelation forward, Tensor dStats) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public TotalCorrelationBackward {
    new Check("totalCorrelationBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("stats", forward.stats(), "B 2Z")
        .in("z", forward.z(), "B L Z")
        .in("joint", forward.joint(), "B L")
        .in("marginal", forward.marginal(), "B L Z")
        .out("dStats", dStats, "B 2Z")
        .done();
  }
}
