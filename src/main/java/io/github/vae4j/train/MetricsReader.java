// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.op.AdamUpdate;

/**
 * Reads the metrics of submitted steps with a delay. It requests the metrics of a window of steps,
 * sums the metrics whose copies are complete, and waits for the device only if two windows of steps
 * are submitted and not complete. So the device always has submitted work, and a request to stop
 * takes effect soon, whatever the length of a step.
 */
final class MetricsReader {
  private static final long REQUEST_NANOS = 250_000_000L;

  /** The greatest number of steps of a window; as many steps may be submitted beyond it. */
  private static final int MAX_WINDOW = 64;

  /** The approximate time of the steps of a window: a request to stop waits for two windows. */
  private static final double WINDOW_SECONDS = 0.1;

  private final TrainingMemory memory;
  private final int maxSkips;
  private final Divergence divergence;
  private final double[] report = new double[TrainingMemory.reportLength()];
  private final int[] pendingRows = new int[TrainingMemory.SLOTS];
  private final EpochSums sums = new EpochSums();

  /** The number of steps whose metrics are summed, and the number whose metrics are requested. */
  private long summed;

  private long requested;
  private long requestedNanos;
  private long summedNanos;
  private int requestedPosition;
  private int summedPosition;
  private int leastWindow;
  private int window;

  MetricsReader(TrainingMemory memory, int maxSkips, Divergence divergence) {
    this.memory = memory;
    this.maxSkips = maxSkips;
    this.divergence = divergence;
  }

  /** The metrics of the epoch so far. */
  EpochSums sums() {
    return sums;
  }

  /** The number of rows of the epoch whose metrics are summed. */
  int position() {
    return summedPosition;
  }

  /** The number of skipped steps of the run among the steps whose metrics are summed. */
  long skipped() {
    return (long) report[TrainingMemory.ADAM_AT + AdamUpdate.SKIPPED];
  }

  /** The number of skipped steps since the last one applied, likewise. */
  long skippedInARow() {
    return (long) report[TrainingMemory.ADAM_AT + AdamUpdate.SKIPPED_IN_A_ROW];
  }

  /** Continues a run after a number of steps. */
  void restore(long step, double[] sums) {
    this.sums.restore(sums);
    summed = step;
    requested = step;
  }

  /**
   * Starts an epoch, or the rest of one, at a position; one call runs the given number of steps.
   */
  void start(long now, int position, int together) {
    requestedNanos = now;
    summedNanos = now;
    summedPosition = position;
    leastWindow = together;
    window = together;
  }

  /** Counts a step of the given number of rows, which is submitted next. */
  void expect(long step, int rows) {
    pendingRows[(int) (step % TrainingMemory.SLOTS)] = rows;
  }

  /**
   * Requests metrics and sums those whose copies are complete.
   *
   * @param now nanoseconds
   * @param step the next step
   * @param position its first row
   * @return whether some were summed
   */
  boolean read(long now, long step, int position) {
    if (requested == summed
        && (step - requested >= window || now - requestedNanos > REQUEST_NANOS)) {
      request(step, position);
      requestedNanos = now;
    }
    if (requested > summed && (step - summed >= 2L * window || memory.report.arrived())) {
      long steps = requested - summed;
      sumRequested();
      long after = System.nanoTime();
      double wanted = steps * 1e9 / Math.max(1, after - summedNanos) * WINDOW_SECONDS;
      window = (int) Math.max(leastWindow, Math.min(MAX_WINDOW, wanted));
      summedNanos = after;
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
    if (requested > summed) {
      sumRequested();
    }
    if (step > summed) {
      request(step, position);
      sumRequested();
    }
  }

  private void request(long step, int position) {
    memory.report.request();
    requested = step;
    requestedPosition = position;
  }

  private void sumRequested() {
    memory.report.take(report);
    for (long at = summed; at < requested; at++) {
      int slot = (int) (at % TrainingMemory.SLOTS);
      sums.add(report, slot, pendingRows[slot]);
    }
    summed = requested;
    summedPosition = requestedPosition;
    if (skippedInARow() >= maxSkips) {
      throw divergence.skipped(summed, skippedInARow());
    }
  }
}
