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
   * Its own parameters among those of a row.
   *
   * @param row the decoder's outputs, then the shared parameters
   * @param outputs the number of the decoder's outputs
   * @return its outputs, then its shared parameters, as {@link #likelihood} takes them
   */
  public double[] own(double[] row, int outputs) {
    int count = parameters();
    double[] own = new double[count + sharedCount()];
    System.arraycopy(row, parameter, own, 0, count);
    System.arraycopy(row, outputs + shared, own, count, own.length - count);
    return own;
  }

  /**
   * The parameters of a feature among those of a row, of a {@link FeatureLikelihood}.
   *
   * @param row the decoder's outputs, then the shared parameters
   * @param outputs the number of the decoder's outputs
   * @param feature the column within the block
   * @return P parameters, then the shared ones
   */
  public double[] ofFeature(double[] row, int outputs, int feature) {
    int each = parameters() / columns;
    double[] own = new double[each + sharedCount()];
    for (int k = 0; k < each; k++) {
      own[k] = row[parameter + k * columns + feature];
    }
    System.arraycopy(row, outputs + shared, own, each, own.length - each);
    return own;
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
