// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

/** The text of a cell that is no value of its column's kind. */
final class BadCell extends Exception {
  private static final long serialVersionUID = 1;

  BadCell(String message) {
    // A file may have many; nobody reads their traces.
    super(message, null, false, false);
  }
}
