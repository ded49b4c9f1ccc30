package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * One step's numbers into a ring that the host reads now and then. Slot {@code step mod slots}
 * receives [mean of nll, mean of kl, gradient norm, ok]; ok is 1 where all three are finite, else
 * 0. The same ok goes to status[0].
 *
 * @param nll FLOAT32 (batch * samples)
 * @param kl FLOAT32 (batch)
 * @param norm FLOAT64 (1), from {@link GlobalNorm}
 * @param ring FLOAT64 (slots, 4)
 * @param status FLOAT64 (1), read by {@link AdamUpdate}
 * @param control the step
 * @param slots the ring's length
 */
public record RecordMetrics(
    Buffer nll, Buffer kl, Buffer norm, Buffer ring, Buffer status, Control control, int slots)
    implements Op {
  /** Numbers per slot. */
  public static final int WIDTH = 4;
}
