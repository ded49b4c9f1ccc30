// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.tensor.Matrix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The known factors of rows. A column of whole numbers with at most {@value #MOST_LEVELS} different
 * values is a factor of levels without order; any other column is a real factor.
 */
public final class Factors {
  /** The greatest number of levels of a factor without order. */
  public static final int MOST_LEVELS = 100;

  private final Matrix values;
  private final int[][] levels;
  private final int[] counts;

  private Factors(Matrix values) {
    this.values = values;
    levels = new int[values.columns()][];
    counts = new int[values.columns()];
    for (int factor = 0; factor < counts.length; factor++) {
      levels[factor] = new int[values.rows()];
      counts[factor] = fillLevels(factor);
    }
  }

  /**
   * Factors in columns.
   *
   * @param values (rows, factors); not copied
   * @return the factors
   * @throws IllegalArgumentException if a column has a single value or a value that is not finite
   */
  public static Factors of(Matrix values) {
    return new Factors(values);
  }

  /**
   * Factors in the columns of a data set, as of a CSV file.
   *
   * @param data one row for each row of the data that is scored
   * @return the factors
   * @throws IllegalArgumentException if a column has a single value
   */
  public static Factors of(DataSet data) {
    return new Factors(DataSets.values(data, 0, data.rows()));
  }

  /**
   * The classes of a data set as a single factor.
   *
   * @param data rows with labels
   * @return the factor
   * @throws IllegalArgumentException if the data have no labels, or a single class
   */
  public static Factors ofLabels(DataSet data) {
    Matrix labels = Matrix.zeros(data.rows(), 1);
    for (int row = 0; row < data.rows(); row++) {
      if (data.label(row) < 0) {
        throw new IllegalArgumentException(
            "factors: " + data.name() + " has no labels; give a file with the factors");
      }
      labels.values()[row] = data.label(row);
    }
    return new Factors(labels);
  }

  /** Numbers the values of a column; the count is 0 for a column of real numbers. */
  private int fillLevels(int factor) {
    TreeSet<Float> seen = new TreeSet<>();
    boolean whole = true;
    for (int row = 0; row < values.rows(); row++) {
      float value = values.at(row, factor);
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "factors: row %d, column %d is %s; expected a finite number",
                row,
                factor,
                value));
      }
      whole &= value == Math.rint(value);
      if (seen.size() <= MOST_LEVELS) {
        // -0 and 0 are one level.
        seen.add(value + 0f);
      }
    }
    if (seen.size() < 2) {
      throw new IllegalArgumentException(
          "factors: column "
              + factor
              + " has the same value in all "
              + values.rows()
              + " rows; a factor must vary: leave it out or take more rows");
    }
    if (!whole || seen.size() > MOST_LEVELS) {
      return 0;
    }
    List<Float> sorted = new ArrayList<>(seen);
    for (int row = 0; row < values.rows(); row++) {
      levels[factor][row] = Collections.binarySearch(sorted, values.at(row, factor) + 0f);
    }
    return sorted.size();
  }

  /**
   * The number of rows.
   *
   * @return N
   */
  public int rows() {
    return values.rows();
  }

  /**
   * The number of factors.
   *
   * @return K
   */
  public int count() {
    return counts.length;
  }

  /** The number of a factor's levels; 0 for a real factor. */
  int levels(int factor) {
    return counts[factor];
  }

  int level(int row, int factor) {
    return levels[factor][row];
  }

  double value(int row, int factor) {
    return values.at(row, factor);
  }
}
