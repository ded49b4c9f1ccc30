// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.random.Permutation;

/**
 * Splits rows into a half for fitting and a half for the score, by a pseudo-random order that is
 * the same each time.
 */
final class HalfSplit {
  final int[] fit;
  final int[] judge;

  HalfSplit(int rows) {
    Permutation order = new Permutation(0, 0, rows);
    fit = new int[(rows + 1) / 2];
    judge = new int[rows / 2];
    for (int i = 0; i < rows; i++) {
      int row = order.at(i);
      if (i < fit.length) {
        fit[i] = row;
      } else {
        judge[i - fit.length] = row;
      }
    }
  }
}
