// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.VaeException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.OutlyingValue;

/** Refuses results that are not finite: the message names the row and the value that did it. */
final class NotFinite {
  private NotFinite() {}

  /**
   * Checks a result of a row.
   *
   * @param measure the name of the result, for the message
   * @param value the result
   * @param data the rows
   * @param row the row
   * @return the result
   * @throws VaeException if it is NaN or infinite
   */
  static double refuse(String measure, double value, DataSet data, int row) {
    if (Double.isFinite(value)) {
      return value;
    }
    OutlyingValue far = OutlyingValue.ofRow(data, row);
    throw new VaeException(
        measure
            + " of "
            + far.rowText()
            + " is "
            + value
            + ": the model cannot take a row so far from its training data; the value of the row"
            + " that is the farthest from its column's mean is "
            + far.valueText()
            + ". Correct the row or leave it out, or scale the data as the training data were");
  }
}
