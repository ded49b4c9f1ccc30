// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.Locale;

/**
 * A value that is far from the others of its column, for messages about rows that a model cannot
 * take.
 *
 * @param set the data set
 * @param row of the value
 * @param column of the value
 * @param value the value
 * @param mean of its column, without missing values
 * @param deviation the standard deviation of its column
 */
public record OutlyingValue(
    DataSet set, int row, int column, double value, double mean, double deviation) {
  /**
   * The part of a value's size that counts where a column is constant: a large constant is then
   * farther than the noise of the other columns.
   */
  private static final double PART_OF_SIZE = 1e-3;

  /** The moments and extremes of each column, from one pass. */
  private static final class Moments {
    private final DataSet set;
    private final long[] counts;
    private final double[] means;
    private final double[] squares;
    private final double[][] extremes;
    private final int[][] rows;

    Moments(DataSet set) {
      this.set = set;
      int width = set.features();
      counts = new long[width];
      means = new double[width];
      squares = new double[width];
      extremes = new double[2][width];
      rows = new int[2][width];
      RowBlocks.forEach(
          set,
          (first, count, raw) -> {
            for (int i = 0; i < count * width; i++) {
              add(first + i / width, i % width, RowBlocks.value(set, raw, i));
            }
          });
    }

    private void add(int row, int column, double value) {
      if (Double.isNaN(value)) {
        return;
      }
      for (int end = 0; end < 2; end++) {
        boolean farther = end == 0 ? value < extremes[0][column] : value > extremes[1][column];
        if (counts[column] == 0 || farther) {
          extremes[end][column] = value;
          rows[end][column] = row;
        }
      }
      double delta = value - means[column];
      means[column] += delta / ++counts[column];
      squares[column] += delta * (value - means[column]);
    }

    double deviation(int column) {
      return counts[column] == 0 ? 0 : Math.sqrt(squares[column] / counts[column]);
    }

    OutlyingValue at(int row, int column, double value) {
      return new OutlyingValue(set, row, column, value, means[column], deviation(column));
    }
  }

  /**
   * The value of a row that is the farthest from its column's mean, in the unit of the data.
   *
   * @param set the data set, of which all rows are read once
   * @param row the row
   * @return the value; NaN in the first column if all values of the row are missing
   */
  public static OutlyingValue ofRow(DataSet set, int row) {
    Moments columns = new Moments(set);
    float[] values = DataSets.values(set, row, 1).values();
    int best = 0;
    double most = -1;
    for (int column = 0; column < values.length; column++) {
      double distance =
          Math.max(
              Math.abs(values[column] - columns.means[column]),
              PART_OF_SIZE * Math.abs(values[column]));
      if (distance > most) {
        most = distance;
        best = column;
      }
    }
    return columns.at(row, best, values[best]);
  }

  /**
   * The value that is the farthest from its column's mean, in standard deviations of the column.
   *
   * @param set the data set, of which all rows are read once
   * @return the value
   */
  public static OutlyingValue of(DataSet set) {
    Moments columns = new Moments(set);
    OutlyingValue best = columns.at(columns.rows[0][0], 0, columns.extremes[0][0]);
    for (int column = 0; column < set.features(); column++) {
      for (int end = 0; end < 2; end++) {
        OutlyingValue each =
            columns.at(columns.rows[end][column], column, columns.extremes[end][column]);
        best = each.deviations() > best.deviations() ? each : best;
      }
    }
    return best;
  }

  /**
   * The distance from the column's mean in standard deviations.
   *
   * @return 0 or more; 0 in a constant column
   */
  public double deviations() {
    return deviation == 0 ? 0 : Math.abs(value - mean) / deviation;
  }

  /**
   * The place of the value's row in its source.
   *
   * @return for example {@code line 4 of claims.csv} or {@code row 3 of claims.npy (counted from
   *     0)}
   */
  public String rowText() {
    String place = set.place(row);
    return place + " of " + set.name() + (place.startsWith("row ") ? " (counted from 0)" : "");
  }

  /**
   * The value and its column.
   *
   * @return for example {@code 1480 in column proline (mean 1160, standard deviation 257)}
   */
  public String valueText() {
    return String.format(
        Locale.ROOT,
        "%.6g in column %s (mean %.6g, standard deviation %.6g)",
        value,
        RowRoles.columnName(set, column),
        mean,
        deviation);
  }
}
