// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

/**
 * Adjacent columns with one likelihood, and the indices of its parameters.
 *
 * @param likelihood of the columns, itself one block
 * @param column the first column
 * @param columns the number of columns
 * @param parameter the index of its first decoder output; its outputs are adjacent, in the order of
 *     outputs for rows of these columns alone
 * @param shared the index of its first shared parameter
 */
public record Block(Likelihood likelihood, int column, int columns, int parameter, int shared) {
  /**
   * The number of its decoder outputs.
   *
   * @return outputs per row
   */
  public int parameters() {
    return likelihood.parameters(columns);
  }

  /**
   * The number of its shared parameters.
   *
   * @return 0 for most
   */
  public int sharedCount() {
    return likelihood.shared(columns);
  }
}
