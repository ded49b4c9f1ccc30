// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda.lt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.vae4j.backend.cuda.lt.LtProduct.Epilogue;
import org.junit.jupiter.api.Test;

/**
 * The products of a dense layer as column-major ones. The "device" here is a float array, an
 * address is an index into the array, and products are computed by BLAS's definition.
 */
final class LtProductTest {
  private static final int B = 2;
  private static final int I = 3;
  private static final int O = 4;
  private static final int FIRST = 0;
  private static final int SECOND = 20;
  private static final int RESULT = 40;
  private static final int VECTOR = 60;

  private final float[] device = new float[80];

  @Test
  void forwardIsXTimesW() {
    float[] x = fill(FIRST, B * I);
    float[] w = fill(SECOND, I * O);
    float[] want = new float[B * O];
    for (int b = 0; b < B; b++) {
      for (int o = 0; o < O; o++) {
        for (int i = 0; i < I; i++) {
          want[b * O + o] += x[b * I + i] * w[i * O + o];
        }
      }
    }
    multiply(LtProduct.forward(B, I, O, FIRST, SECOND, RESULT, Epilogue.BIAS, VECTOR));
    assertArrayEquals(want, result(B * O));
  }

  @Test
  void inputGradientIsDvTimesWTransposed() {
    float[] dv = fill(FIRST, B * O);
    float[] w = fill(SECOND, I * O);
    float[] want = new float[B * I];
    for (int b = 0; b < B; b++) {
      for (int i = 0; i < I; i++) {
        for (int o = 0; o < O; o++) {
          want[b * I + i] += dv[b * O + o] * w[i * O + o];
        }
      }
    }
    multiply(LtProduct.inputGradient(B, I, O, FIRST, SECOND, RESULT));
    assertArrayEquals(want, result(B * I));
  }

  @Test
  void weightGradientIsXTransposedTimesDvAndItsFactorAIsDv() {
    float[] x = fill(FIRST, B * I);
    float[] dv = fill(SECOND, B * O);
    float[] want = new float[I * O];
    float[] wantBias = new float[O];
    for (int b = 0; b < B; b++) {
      for (int o = 0; o < O; o++) {
        wantBias[o] += dv[b * O + o];
        for (int i = 0; i < I; i++) {
          want[i * O + o] += x[b * I + i] * dv[b * O + o];
        }
      }
    }
    LtProduct product =
        LtProduct.weightGradient(B, I, O, FIRST, SECOND, RESULT, Epilogue.SUM_A, VECTOR);
    multiply(product);
    assertArrayEquals(want, result(I * O));
    // cuBLASLt sums op(A)'s rows over k only where A is not transposed.
    assertFalse(product.transposeA());
    float[] bias = new float[O];
    for (int row = 0; row < product.m(); row++) {
      for (int k = 0; k < product.k(); k++) {
        bias[row] += device[(int) product.a() + row + k * product.m()];
      }
    }
    assertArrayEquals(wantBias, bias);
  }

  /** D (m, n) = op(A) op(B), all column-major and packed. */
  private void multiply(LtProduct p) {
    for (int row = 0; row < p.m(); row++) {
      for (int column = 0; column < p.n(); column++) {
        float sum = 0;
        for (int k = 0; k < p.k(); k++) {
          int a = p.transposeA() ? k + row * p.k() : row + k * p.m();
          int b = p.transposeB() ? column + k * p.n() : k + column * p.k();
          sum += device[(int) p.a() + a] * device[(int) p.b() + b];
        }
        device[(int) p.d() + row + column * p.m()] = sum;
      }
    }
  }

  /** Small integers, so that sums are exact in any order. */
  private float[] fill(int address, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i * 7 + address) % 11 - 5;
      device[address + i] = values[i];
    }
    return values;
  }

  private float[] result(int count) {
    float[] values = new float[count];
    System.arraycopy(device, RESULT, values, 0, count);
    return values;
  }
}
