// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

/**
 * A column of a table.
 *
 * @param name in the table
 * @param kind its meaning
 * @param missing the share of rows of the training data without a value, 0 to 1
 * @param remark for the user; empty for none
 */
public record Column(String name, Kind kind, double missing, String remark) {
  /** Checks the share. {@inheritDoc} */
  public Column {
    if (!(missing >= 0 && missing <= 1)) {
      throw new IllegalArgumentException(
          "missing: expected a number from 0 to 1, given " + missing);
    }
  }
}
