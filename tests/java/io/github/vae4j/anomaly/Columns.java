// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.anomaly;

import java.util.function.DoubleUnaryOperator;

/** Columns of numbers and their moments. */
public final class Columns {
  private Columns() {}

  /** The values of a column. */
  public static double[] of(double[][] rows, int column) {
    double[] values = new double[rows.length];
    for (int row = 0; row < values.length; row++) {
      values[row] = rows[row][column];
    }
    return values;
  }

  /** The mean. */
  public static double mean(double[] values) {
    return centralMoment(values, 0, 1);
  }

  /** The standard deviation, divided by n; 0 for a constant column. */
  public static double deviation(double[] values) {
    return Math.sqrt(centralMoment(values, mean(values), 2));
  }

  /** Whether all values are equal. */
  public static boolean isConstant(double[] values) {
    for (double value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }

  /** Scales a column to mean 0 and standard deviation 1; a constant one to 0. */
  public static DoubleUnaryOperator standard(double[] values) {
    double mean = mean(values);
    double deviation = isConstant(values) ? 1 : deviation(values);
    return x -> (x - mean) / deviation;
  }

  /** Standardises rows by the columns of others. */
  public static double[][] standardised(double[][] by, double[][] rows) {
    double[][] scaled = new double[rows.length][rows[0].length];
    for (int column = 0; column < rows[0].length; column++) {
      DoubleUnaryOperator scale = standard(of(by, column));
      for (int row = 0; row < rows.length; row++) {
        scaled[row][column] = scale.applyAsDouble(rows[row][column]);
      }
    }
    return scaled;
  }

  private static double centralMoment(double[] values, double mean, int power) {
    double sum = 0;
    for (double value : values) {
      sum += Math.pow(value - mean, power);
    }
    return sum / values.length;
  }
}
