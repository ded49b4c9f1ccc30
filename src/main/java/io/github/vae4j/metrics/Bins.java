// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.tensor.Matrix;
import java.util.function.IntToDoubleFunction;

/**
 * A column in {@value #COUNT} bins of equal width from its least to its greatest value, as
 * Locatello et al. 2019 ("Challenging common assumptions in the unsupervised learning of
 * disentangled representations", appendix C) divide codes.
 *
 * @param of the number of each row's bin
 * @param count the number of bins
 */
@SuppressWarnings("ArrayRecordComponent")
record Bins(int[] of, int count) {
  static final int COUNT = 20;

  static Bins ofCode(Matrix codes, int dimension) {
    return of(codes.rows(), row -> codes.at(row, dimension));
  }

  /** The levels of a factor of levels, or the bins of a real factor. */
  static Bins ofFactor(Factors factors, int factor) {
    int levels = factors.levels(factor);
    if (levels == 0) {
      return of(factors.rows(), row -> factors.value(row, factor));
    }
    int[] of = new int[factors.rows()];
    for (int row = 0; row < of.length; row++) {
      of[row] = factors.level(row, factor);
    }
    return new Bins(of, levels);
  }

  private static Bins of(int rows, IntToDoubleFunction value) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int row = 0; row < rows; row++) {
      least = Math.min(least, value.applyAsDouble(row));
      most = Math.max(most, value.applyAsDouble(row));
    }
    int[] of = new int[rows];
    for (int row = 0; row < rows && most > least; row++) {
      double part = (value.applyAsDouble(row) - least) / (most - least);
      of[row] = Math.min((int) (part * COUNT), COUNT - 1);
    }
    return new Bins(of, COUNT);
  }
}
