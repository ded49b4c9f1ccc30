// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Part;
import io.github.vae4j.schema.RowDecoder;
import java.util.Arrays;

/**
 * Finds rows that equal a training row. Numbers are equal if they are in the same interval of the
 * width of their column's resolution; the training values are in the middle of these intervals, if
 * the column has a fixed number of decimals. A training row is kept as a hash of 64 bits, so that
 * two different rows are taken for equal with probability 2^-64.
 */
final class TrainingCopies {
  private static final double HALF = 0.5;

  private final RowDecoder decoder;

  /** For each column the first value of the training data, from which intervals are counted. */
  private final double[] origins;

  private final long[] sorted;

  /**
   * The training rows.
   *
   * @param features of the schema
   * @param training encoded rows
   */
  TrainingCopies(Features features, DataSet training) {
    decoder = new RowDecoder(features);
    origins = new double[decoder.columns()];
    Arrays.fill(origins, Double.NaN);
    sorted = new long[training.rows()];
    EachRow.of(
        training,
        (number, row) -> {
          for (int column = 0; column < origins.length; column++) {
            if (Double.isNaN(origins[column]) && !decoder.hasLevels(column)) {
              origins[column] = decoder.value(column, row);
            }
          }
          sorted[number] = hash(row);
        });
    Arrays.sort(sorted);
  }

  /**
   * The share of rows that equal a training row.
   *
   * @param rows encoded by the same schema
   * @return 0 to 1
   */
  double share(DataSet rows) {
    long[] found = new long[1];
    EachRow.of(
        rows, (number, row) -> found[0] += Arrays.binarySearch(sorted, hash(row)) >= 0 ? 1 : 0);
    return (double) found[0] / rows.rows();
  }

  private long hash(float[] row) {
    long hash = 0;
    for (int column = 0; column < origins.length; column++) {
      hash = mixed(hash + cell(column, row));
    }
    return hash;
  }

  private long cell(int column, float[] row) {
    if (decoder.isMissing(column, row)) {
      return Long.MIN_VALUE;
    }
    if (decoder.hasLevels(column)) {
      return decoder.levelOf(column, row);
    }
    double width = width(column);
    double value = decoder.value(column, row);
    if (width == 0) {
      return Double.doubleToLongBits(value + 0.0);
    }
    double origin = Double.isNaN(origins[column]) ? 0 : origins[column];
    return (long) Math.floor((value - origin) / width + HALF);
  }

  private double width(int column) {
    boolean counted = decoder.parts(column).get(0).use() == Part.Use.COUNT;
    return counted ? 1 : decoder.column(column).kind().resolution();
  }

  /** A bijection of 64 bits (Stafford 2011, "Better bit mixing", variant 13). */
  private static long mixed(long value) {
    long mixed = (value + 0x9E3779B97F4A7C15L) ^ ((value + 0x9E3779B97F4A7C15L) >>> 30);
    mixed *= 0xBF58476D1CE4E5B9L;
    mixed ^= mixed >>> 27;
    mixed *= 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
