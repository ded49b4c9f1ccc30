// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * An exponential running average, which a skipped step does not change: {@code average = (1 -
 * momentum) average + momentum factor value} if {@code status[0]} is not 0.
 *
 * @param value FLOAT32 (N)
 * @param average FLOAT32 (N), updated
 * @param status FLOAT64 (1), from {@link RecordMetrics}
 * @param momentum the weight of the new value, 0 to 1
 * @param factor of the value: R / (R - 1) gives the unbiased variance of R rows
 */
public record RunningAverage(
    Tensor value, Tensor average, Tensor status, float momentum, float factor) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public RunningAverage {
    new Check("runningAverage")
        .fraction("momentum", momentum, true)
        .finite("factor", factor)
        .in("value", value, "N")
        .out("average", average, "N")
        .in64("status", status, "1")
        .done();
  }
}
