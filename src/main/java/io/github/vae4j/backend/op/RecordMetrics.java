package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One step's numbers into a ring that the host reads now and then. Slot {@code step mod slots}
 * receives [mean of nll, mean of kl, gradient norm, ok, mean of bound]; ok is 1 where the others
 * are finite, else 0. The same ok goes to status[0].
 *
 * @param nll FLOAT32 (batch * samples)
 * @param kl FLOAT32 (batch)
 * @param bound FLOAT32 (batch), from {@link SampleWeights}; null for the mean of - nll - kl
 * @param norm FLOAT64 (1), from {@link GlobalNorm}
 * @param ring FLOAT64 (slots, 5)
 * @param status FLOAT64 (1), read by {@link AdamUpdate}
 * @param control the step
 * @param slots the ring's length
 */
public record RecordMetrics(
    Buffer nll,
    Buffer kl,
    @Nullable Buffer bound,
    Buffer norm,
    Buffer ring,
    Buffer status,
    Control control,
    int slots)
    implements Op {
  /** Numbers per slot. */
  public static final int WIDTH = 5;
}
