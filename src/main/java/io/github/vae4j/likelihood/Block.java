// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

/**
 * Neighbouring columns with one kind of model, and where its numbers lie.
 *
 * @param likelihood of the columns, itself one block
 * @param column the first column
 * @param columns how many
 * @param parameter the index of the first of its decoder outputs, which lie together as they would
 *     for rows of these columns alone
 * @param shared the index of the first of its shared parameters
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
