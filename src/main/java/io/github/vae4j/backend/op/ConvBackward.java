// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of {@link Conv}: {@code dv = dy * activation'(v)}, written to dy; {@code dBias[o] =
 * sum_{n, p, q} dv[n, p, q, o]}; {@code dWeight[o, k, l, j] = sum_{n, p, q} dv[n, p, q, o] x[n, p
 * sh - ph + k dh, q sw - pw + l dw, first(o) + j]}; {@code dx}, if it is given, the sum of {@code
 * dv[n, p, q, o] weight[o, k, l, j]} over all products with that x. The derivative is computed from
 * {@link Conv#kept}.
 *
 * @param forward the op whose gradient this is
 * @param dy FLOAT32 (N, P, Q, O); holds dv afterwards
 * @param dx FLOAT32 (N, H, W, I); null where the input needs no gradient
 * @param dWeight FLOAT32 (O, K, L, J)
 * @param dBias FLOAT32 (O)
 */
public record ConvBackward(
    Conv forward, Tensor dy, @Nullable Tensor dx, Tensor dWeight, Tensor dBias) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public ConvBackward {
    new Check("convBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("x", forward.x(), "N H W I")
        .in("weight", forward.weight(), "O K L J")
        .in("kept", forward.kept(), "N P Q O")
        .out("dy", dy, "N P Q O")
        .mayOut("dx", dx, "N H W I")
        .out("dWeight", dWeight, "O K L J")
        .out("dBias", dBias, "O")
        .done();
  }

  @Override
  public long products() {
    return forward.products() * (dx == null ? 1 : 2);
  }
}
