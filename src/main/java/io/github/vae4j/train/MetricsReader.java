// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.op.AdamUpdate;

/**
 * Reads the metrics of steps that were submitted, late: it asks for them, sums those that have
 * arrived, and waits for the device only where the steps of two windows are under way. So the
 * device has work until the next ones come, and a request to stop is answered soon however long a
 * step takes.
 */
final class MetricsReader {
  private static final long ASK_NANOS = 250_000_000L;

  /** Metrics are asked for after so many steps at most; as many may be submitted beside them. */
  private static final int MAX_WINDOW = 64;

  /** The steps of a window take about so long: a request to stop waits for two of them. */
  private static final double WINDOW_SECONDS = 0.1;

  private final TrainingMemory memory;
  private final int maxSkips;
  private final double[] report = new double[TrainingMemory.reportLength()];
  private final int[] pendingRows = new int[TrainingMemory.SLOTS];
  private final EpochSums sums = new EpochSums();

  /** Steps whose metrics are summed, and those whose metrics are asked for. */
  private long heard;

  private long asked;
  private long askedNanos;
  private long heardNanos;
  private int askedPosition;
  private int heardPosition;
  private int leastWindow;
  private int window;

  MetricsReader(TrainingMemory memory, int maxSkips) {
    this.memory = memory;
    this.maxSkips = maxSkips;
  }

  /** Metrics of the epoch so far. */
  EpochSums sums() {
    return sums;
  }

  /** Rows of the epoch whose metrics are summed. */
  int position() {
    return heardPosition;
  }

  /** Steps of the run that were skipped, of those whose metrics are summed. */
  long skipped() {
    return (long) report[TrainingMemory.ADAM_AT + AdamUpdate.SKIPPED];
  }

  /** Continues a run after so many steps. */
  void restore(long step, double[] sums) {
    this.sums.restore(sums);
    heard = step;
    asked = step;
  }

  /** Starts an epoch, or its rest, at a position; so many steps are taken by one call. */
  void start(long now, int position, int together) {
    askedNanos = now;
    heardNanos = now;
    heardPosition = position;
    leastWindow = together;
    window = together;
  }

  /** Notes that a step of so many rows is to be submitted. */
  void expect(long step, int rows) {
    pendingRows[(int) (step % TrainingMemory.SLOTS)] = rows;
  }

  /**
   * Asks for metrics and sums those that have arrived.
   *
   * @param now nanoseconds
   * @param step the next step
   * @param position its first row
   * @return whether some were summed
   */
  boolean read(long now, long step, int position) {
    if (asked == heard && (step - asked >= window || now - askedNanos > ASK_NANOS)) {
      ask(step, position);
      askedNanos = now;
    }
    if (asked > heard && (step - heard >= 2L * window || memory.report.arrived())) {
      long steps = asked - heard;
      hear();
      long after = System.nanoTime();
      double wanted = steps * 1e9 / Math.max(1, after - heardNanos) * WINDOW_SECONDS;
      window = (int) Math.max(leastWindow, Math.min(MAX_WINDOW, wanted));
      heardNanos = after;
      return true;
    }
    return false;
  }

  /**
   * Waits for the metrics of all steps.
   *
   * @param step the next step
   * @param position its first row
   * @throws TrainingDivergedException if too many steps in a row were not finite
   */
  void drain(long step, int position) {
    if (asked > heard) {
      hear();
    }
    if (step > heard) {
      ask(step, position);
      hear();
    }
  }

  private void ask(long step, int position) {
    memory.report.request();
    asked = step;
    askedPosition = position;
  }

  private void hear() {
    memory.report.take(report);
    for (long at = heard; at < asked; at++) {
      int slot = (int) (at % TrainingMemory.SLOTS);
      sums.add(report, slot, pendingRows[slot]);
    }
    heard = asked;
    heardPosition = askedPosition;
    int skips = (int) report[TrainingMemory.ADAM_AT + AdamUpdate.SKIPPED_IN_A_ROW];
    if (skips >= maxSkips) {
      throw new TrainingDivergedException(heard, skips);
    }
  }
}
