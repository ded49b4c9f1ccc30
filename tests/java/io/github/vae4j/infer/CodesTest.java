// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.vae4j.tensor.Matrix;
import org.junit.jupiter.api.Test;

class CodesTest {
  @Test
  void logVariancesAreClampedAsTheModelClampsThem() {
    Matrix logvar = new Matrix(2, 3, new float[] {-90, -30, 0.1f, 20, 90, Float.NaN});
    Codes codes = new Codes(Matrix.zeros(2, 3), logvar);
    assertArrayEquals(
        new float[] {-30, -30, 0.1f, 20, 20, Float.NaN}, codes.clampedLogvar().values());
    assertArrayEquals(new float[] {-90, -30, 0.1f, 20, 90, Float.NaN}, logvar.values());
  }
}
