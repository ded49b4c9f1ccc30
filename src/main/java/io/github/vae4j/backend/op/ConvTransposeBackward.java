// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of {@link ConvTranspose}: {@code dv = dy * activation'(v)}, written to dy; {@code
 * dBias[o] = sum_{n, p, q} dv[n, p, q, o]}; {@code dWeight[i, k, l, j] = sum_{n, h, w} x[n, h, w,
 * i] dv[n, h sh - ph + k dh, w sw - pw + l dw, first(i) + j]}; {@code dx}, if it is given, the
 * convolution of dv by the weight. The derivative is computed from {@link ConvTranspose#kept}.
 *
 * @param forward the op whose gradient this is
 * @param dy FLOAT32 (N, P, Q, O); holds dv afterwards
 * @param dx FLOAT32 (N, H, W, I); null where the input needs no gradient
 * @param dWeight FLOAT32 (I, K, L, J)
 * @param dBias FLOAT32 (O)
 */
public record ConvTransposeBackward(
    ConvTranspose forward, Tensor dy, @Nullable Tensor dx, Tensor dWeight, Tensor dBias)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public ConvTransposeBackward {
    new Check("convTransposeBackward")
        .given("forward", forward, "the op whose gradient this is")
        .in("x", forward.x(), "N H W I")
        .in("weight", forward.weight(), "I K L J")
        .in("kept", forward.kept(), "N P Q O")
        .out("dy", dy, "N P Q O")
        .mayOut("dx", dx, "N H W I")
        .out("dWeight", dWeight, "I K L J")
        .out("dBias", dBias, "O")
        .done();
  }

  @Override
  public long products() {
    return forward.products() * (dx == null ? 1 : 2);
  }
}
