// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Writes the metrics of a step into a ring that the host reads once per window of steps. Slot
 * {@code step mod slots} receives [mean of nll, mean of kl, gradient norm, ok, mean of bound, sum
 * of penalty]; ok is 1 if the others are finite and the norm is at most mostNorm, else 0. The same
 * ok is written to status[0].
 *
 * @param nll FLOAT32 (B, L)
 * @param kl FLOAT32 (B)
 * @param bound FLOAT32 (B), from {@link SampleWeights}; null for the mean of - nll - kl
 * @param penalty FLOAT32 (P), the terms of the loss beside the bound, nats; null for none
 * @param norm FLOAT64 (1), from {@link GlobalNorm}
 * @param ring FLOAT64 (slots, 6)
 * @param status FLOAT64 (1), read by {@link AdamUpdate}
 * @param control the step
 * @param mostNorm the greatest norm of a gradient that {@link AdamUpdate} can use, finite: {@link
 *     AdamUpdate#mostNorm}
 */
public record RecordMetrics(
    Tensor nll,
    Tensor kl,
    @Nullable Tensor bound,
    @Nullable Tensor penalty,
    Tensor norm,
    Tensor ring,
    Tensor status,
    Control control,
    double mostNorm)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public RecordMetrics {
    new Check("recordMetrics")
        .in("kl", kl, "B")
        .in("nll", nll, "B L")
        .mayIn("bound", bound, "B")
        .mayIn("penalty", penalty, "P")
        .in64("norm", norm, "1")
        .out64("ring", ring, "S 6")
        .out64("status", status, "1")
        .control(control)
        .finiteNotNegative("mostNorm", mostNorm)
        .done();
  }

  /** Numbers per slot. */
  public static final int WIDTH = 6;
}
