// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.op.RecordMetrics;

/** Sums the metrics of an epoch's steps, in the order of the steps, without skipped steps. */
final class EpochSums {
  private static final int ROWS = 0;
  private static final int NLL = 1;
  private static final int KL = 2;
  private static final int NORM = 3;
  private static final int BOUND = 4;
  private static final int PENALTY = 5;
  static final int LENGTH = 6;

  private final double[] sums = new double[LENGTH];

  void add(double[] ring, int slot, int rows) {
    int at = slot * RecordMetrics.WIDTH;
    if (ring[at + 3] == 0) {
      return;
    }
    sums[ROWS] += rows;
    sums[NLL] += rows * ring[at];
    sums[KL] += rows * ring[at + 1];
    sums[NORM] = ring[at + 2];
    sums[BOUND] += rows * ring[at + 4];
    sums[PENALTY] += rows * ring[at + 5];
  }

  /** Whether no step of the epoch was applied, so that its means are not known. */
  boolean none() {
    return sums[ROWS] == 0;
  }

  double reconstruction() {
    return -sums[NLL] / sums[ROWS];
  }

  double kl() {
    return sums[KL] / sums[ROWS];
  }

  double bound() {
    return sums[BOUND] / sums[ROWS];
  }

  double penalty() {
    return sums[PENALTY] / sums[ROWS];
  }

  double gradientNorm() {
    return sums[NORM];
  }

  void clear() {
    java.util.Arrays.fill(sums, 0);
  }

  double[] copy() {
    return sums.clone();
  }

  /** Restores sums from {@link #copy}; an earlier version had fewer sums, and the others are 0. */
  void restore(double[] saved) {
    if (saved.length > LENGTH) {
      throw new IllegalArgumentException(
          "epoch sums: expected at most " + LENGTH + " values, given " + saved.length);
    }
    clear();
    System.arraycopy(saved, 0, sums, 0, saved.length);
  }
}
