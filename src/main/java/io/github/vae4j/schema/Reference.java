// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import java.util.List;

/**
 * The distributions of the modelled columns in the training data, with which later tables are
 * compared without the training data.
 *
 * @param rows the number of training rows
 * @param columns the modelled columns, in the order of the schema
 */
public record Reference(long rows, List<Marginal> columns) {
  /** Checks the number and copies the list. {@inheritDoc} */
  public Reference {
    if (rows < 1) {
      throw new IllegalArgumentException("rows: expected 1 or more, given " + rows);
    }
    columns = List.copyOf(columns);
  }

  /**
   * The distribution of a column: quantiles of numbers, or counts of levels.
   *
   * @param column its name
   * @param missing the number of rows without a value
   * @param sampled the number of values that the quantiles are of
   * @param quantiles of numbers, counts and times in the unit of the column, in increasing order;
   *     none for levels
   * @param levels the number of rows of each level, in the order of the schema; none for numbers
   */
  public record Marginal(
      String column, long missing, long sampled, List<Double> quantiles, List<Long> levels) {
    /** Checks the numbers and sorts the quantiles. {@inheritDoc} */
    public Marginal {
      if (missing < 0 || sampled < quantiles.size()) {
        throw new IllegalArgumentException(
            "\""
                + column
                + "\": expected counts of 0 or more, and not more quantiles than values, given "
                + missing
                + " missing and "
                + sampled
                + " values");
      }
      if (!quantiles.stream().allMatch(Double::isFinite)
          || !levels.stream().allMatch(count -> count >= 0)) {
        throw new IllegalArgumentException(
            "\"" + column + "\": expected finite quantiles, and counts of 0 or more");
      }
      quantiles = quantiles.stream().sorted().toList();
      levels = List.copyOf(levels);
    }
  }

  /**
   * Refuses the reference of another schema.
   *
   * @param features of the schema of the model
   * @throws IllegalArgumentException if the columns are others
   */
  public void requireOf(Features features) {
    RowDecoder decoder = new RowDecoder(features);
    boolean fits = decoder.columns() == columns.size();
    for (int i = 0; fits && i < columns.size(); i++) {
      Marginal own = columns.get(i);
      int levels = decoder.hasLevels(i) ? decoder.parts(i).get(0).width() : 0;
      fits = own.column().equals(decoder.column(i).name()) && own.levels().size() == levels;
    }
    if (!fits) {
      throw new IllegalArgumentException("columns: expected those of the model's schema");
    }
  }
}
