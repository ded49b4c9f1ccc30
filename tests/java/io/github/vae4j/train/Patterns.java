// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;

/** Rows of two patterns with some noise, so that there is something to learn. */
final class Patterns {
  private Patterns() {}

  static Matrix of(int rows, int features) {
    Matrix x = Matrix.zeros(rows, features);
    for (int i = 0; i < rows; i++) {
      for (int d = 0; d < features; d++) {
        double p = (d < features / 2) == (i % 2 == 0) ? 0.9 : 0.1;
        boolean on = Philox.uniform(1, Stream.OBSERVATION, 0, i, d) < p;
        x.values()[i * features + d] = on ? 1 : 0;
      }
    }
    return x;
  }
}
