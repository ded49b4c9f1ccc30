// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * The data of a run, as named on the command line.
 *
 * @param train the training data
 * @param test the data of the evaluation; null if they were a part of the training data, or none
 * @param validationFraction the fraction of the training data that was held out; 0 for none
 * @param reading the options of reading; null for the defaults
 */
public record DataSource(
    String train, @Nullable String test, double validationFraction, @Nullable RowReading reading) {
  /** Checks the fraction. {@inheritDoc} */
  public DataSource {
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
    this(train, test, validationFraction, null);
  }

  /**
   * The options of reading.
   *
   * @return the defaults if there are none
   */
  public RowReading readingOrPlain() {
    return reading == null ? RowReading.PLAIN : reading;
  }
}
