// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.schema.TrainingRows;
import org.jspecify.annotations.Nullable;

/**
 * The data of a run, as named on the command line.
 *
 * @param train the training data
 * @param test the data of the evaluation; null if they were a part of the training data, or none
 * @param validationFraction the fraction of the training data that was held out; 0 for none
 * @param reading the options of reading; null for the defaults
 * @param passes the number of times that an epoch has each training row; null for once
 * @param hidden the probability that a cell of a training row of a table is hidden; null for 0
 */
public record DataSource(
    String train,
    @Nullable String test,
    double validationFraction,
    @Nullable RowReading reading,
    @Nullable Integer passes,
    @Nullable Double hidden) {
  /** Checks the numbers. {@inheritDoc} */
  public DataSource {
    if (passes != null && passes < 1) {
      throw new IllegalArgumentException("passes: expected 1 or more, given " + passes);
    }
    if (hidden != null) {
      TrainingRows.requireHidden("hidden", hidden);
    }
    if (!(validationFraction >= 0 && validationFraction < 1)) {
      throw new IllegalArgumentException(
          "validationFraction: expected 0 or more and less than 1, given " + validationFraction);
    }
  }

  /**
   * Data that were read with the default options.
   *
   * @param train the training data
   * @param test the data of the evaluation; null if they were a part of the training data, or none
   * @param validationFraction the fraction of the training data that was held out; 0 for none
   */
  public DataSource(String train, @Nullable String test, double validationFraction) {
    this(train, test, validationFraction, null, null, null);
  }

  /**
   * A copy with another part to hold out, and more passes in an epoch.
   *
   * @param fraction of the training data to hold out
   * @param count the number of times that an epoch has each training row; null for once
   * @return the data
   */
  public DataSource with(double fraction, @Nullable Integer count) {
    return new DataSource(train, test, fraction, reading, count, hidden);
  }

  /**
   * The options of reading.
   *
   * @return the defaults if there are none
   */
  public RowReading readingOrPlain() {
    return reading == null ? RowReading.PLAIN : reading;
  }

  /**
   * The number of times that an epoch has each training row.
   *
   * @return {@link #passes}, or 1
   */
  public int passesOrOne() {
    return passes == null ? 1 : passes;
  }

  /**
   * The probability that a cell is hidden.
   *
   * @return {@link #hidden}, or 0
   */
  public double hiddenOrNone() {
    return hidden == null ? 0 : hidden;
  }
}
