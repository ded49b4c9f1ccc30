// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import java.util.function.LongSupplier;

/**
 * The times of the checkpoints within an epoch: a number of seconds after the checkpoint before,
 * but not before ten times as long as that one took.
 */
final class CheckpointPace {
  private static final int SHARE = 10;
  private static final double NANOS = 1e9;

  private final double seconds;
  private final LongSupplier nanos;
  private long started;
  private long saved;

  /**
   * A pace.
   *
   * @param seconds between checkpoints; 0 for none within an epoch
   * @param nanos the clock
   */
  CheckpointPace(double seconds, LongSupplier nanos) {
    this.seconds = seconds;
    this.nanos = nanos;
    started = nanos.getAsLong();
    saved = started;
  }

  /** Whether a checkpoint is to be saved. */
  boolean due() {
    long now = nanos.getAsLong();
    return seconds > 0
        && now - saved >= Math.max(seconds * NANOS, SHARE * (double) (saved - started));
  }

  /** Saves a checkpoint, at any time. */
  void save(Runnable checkpoint) {
    started = nanos.getAsLong();
    checkpoint.run();
    saved = nanos.getAsLong();
  }
}
