// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * Which data a run was trained on, as it was named on the command line.
 *
 * @param train what was trained on
 * @param test what was evaluated on; null where it was a part of the training data, or nothing
 * @param validationFraction the part of the training data that was held out; 0 for none
 * @param reading how rows were read; null where they are their values
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
   * Data whose rows are their values.
   *
   * @param train what was trained on
   * @param test what was evaluated on; null where it was a part of the training data, or nothing
   * @param validationFraction the part of the training data that was held out; 0 for none
   */
  public DataSource(String train, @Nullable String test, double validationFraction) {
    this(train, test, validationFraction, null);
  }
}
