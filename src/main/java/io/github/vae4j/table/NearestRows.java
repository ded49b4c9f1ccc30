// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.metrics.MidRanks;
import io.github.vae4j.metrics.MixedColumn;
import io.github.vae4j.metrics.Quantiles;
import io.github.vae4j.random.Permutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Distances to the closest of some training rows. The distance is that of Gower 1971 ("A general
 * coefficient of similarity"), with ranks as numbers: the mean over the columns of the difference
 * of the shares of training values below both numbers, of 1 for two levels, and of 1 if one value
 * is missing.
 */
final class NearestRows {
  private static final int MOST_ROWS = 1_000;
  private static final int MOST_COLUMNS = 200;
  private static final int CHUNK = 16;

  private final List<MixedColumn> training;
  private final List<MidRanks> ranks = new ArrayList<>();
  private final int[] used;
  private final float[][] points;

  NearestRows(ComparedRows training, long seed) {
    this.training = training.columns();
    int columns = this.training.size();
    Permutation order = new Permutation(seed, 0, columns);
    used = new int[Math.min(columns, MOST_COLUMNS)];
    Arrays.setAll(used, order::at);
    for (int column : used) {
      ranks.add(new MidRanks(this.training.get(column).present()));
    }
    points = points(this.training, training.rows());
  }

  /**
   * The median distance of rows to the closest training row.
   *
   * @param rows of which at most 1,000 are used
   * @return 0 for a copy, at most 1
   */
  double median(ComparedRows rows) {
    int count = Math.min(MOST_ROWS, rows.rows());
    double[] distances = new double[count];
    float[][] own = points(rows.columns(), count);
    for (int row = 0; row < count; row++) {
      distances[row] = nearest(own[row]);
    }
    return Quantiles.median(distances);
  }

  private double nearest(float[] row) {
    float least = Float.POSITIVE_INFINITY;
    for (float[] point : points) {
      float distance = 0;
      for (int first = 0; first < used.length && distance < least; first += CHUNK) {
        int end = Math.min(used.length, first + CHUNK);
        for (int i = first; i < end; i++) {
          distance += distance(i, row[i], point[i]);
        }
      }
      least = Math.min(least, distance);
    }
    return least / used.length;
  }

  /** The distance of two values of a column; a missing one is -1. */
  private float distance(int column, float a, float b) {
    if (a == b) {
      return 0;
    }
    boolean apart = a < 0 || b < 0 || training.get(used[column]).hasLevels();
    return apart ? 1 : Math.abs(a - b);
  }

  /** For each row its levels, and the shares of training values below its numbers. */
  private float[][] points(List<MixedColumn> columns, int rows) {
    float[][] all = new float[rows][used.length];
    for (int i = 0; i < used.length; i++) {
      MixedColumn column = columns.get(used[i]);
      for (int row = 0; row < rows; row++) {
        float value = column.values()[row];
        all[row][i] =
            Float.isNaN(value) ? -1 : column.hasLevels() ? value : share(ranks.get(i), value);
      }
    }
    return all;
  }

  private static float share(MidRanks ranks, float value) {
    return ranks.count() == 0 ? 0 : (float) ranks.shareBelow(value);
  }
}
