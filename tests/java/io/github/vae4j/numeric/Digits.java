// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.numeric;

import java.math.BigDecimal;
import java.math.MathContext;

/** Elementary functions to 45 decimal digits, by series of BigDecimal. */
final class Digits {
  static final MathContext CONTEXT = new MathContext(60);
  private static final int DOUBLINGS = 8;
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  static final BigDecimal LN_2 = atanhOfInverse(3).multiply(TWO, CONTEXT);

  /** Machin's formula. */
  static final BigDecimal PI =
      atanOfInverse(5)
          .multiply(BigDecimal.valueOf(16))
          .subtract(atanOfInverse(239).multiply(BigDecimal.valueOf(4)), CONTEXT);

  private Digits() {}

  private static BigDecimal atanhOfInverse(int n) {
    return inverseSeries(n, 1);
  }

  private static BigDecimal atanOfInverse(int n) {
    return inverseSeries(n, -1);
  }

  private static BigDecimal inverseSeries(int n, int sign) {
    BigDecimal power = BigDecimal.ONE.divide(BigDecimal.valueOf(n), CONTEXT);
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 1; k < 200; k += 2) {
      sum = sum.add(power.divide(BigDecimal.valueOf(k), CONTEXT), CONTEXT);
      power = power.divide(BigDecimal.valueOf((long) sign * n * n), CONTEXT);
    }
    return sum;
  }

  static BigDecimal expm1(BigDecimal x) {
    if (x.abs().compareTo(BigDecimal.ONE) > 0) {
      return exp(x).subtract(BigDecimal.ONE, CONTEXT);
    }
    BigDecimal r = x.divide(BigDecimal.valueOf(1 << DOUBLINGS), CONTEXT);
    BigDecimal term = r;
    BigDecimal sum = r;
    for (int n = 2; n < 20; n++) {
      term = term.multiply(r, CONTEXT).divide(BigDecimal.valueOf(n), CONTEXT);
      sum = sum.add(term, CONTEXT);
    }
    for (int i = 0; i < DOUBLINGS; i++) {
      sum = sum.multiply(sum.add(TWO), CONTEXT);
    }
    return sum;
  }

  static BigDecimal exp(BigDecimal x) {
    int k = (int) Math.rint(x.doubleValue() / Math.log(2));
    BigDecimal r = x.subtract(LN_2.multiply(BigDecimal.valueOf(k), CONTEXT), CONTEXT);
    BigDecimal power = expm1(r).add(BigDecimal.ONE, CONTEXT);
    BigDecimal scale = TWO.pow(Math.abs(k), CONTEXT);
    return k < 0 ? power.divide(scale, CONTEXT) : power.multiply(scale, CONTEXT);
  }

  static BigDecimal log(BigDecimal x) {
    int k = Math.getExponent(x.doubleValue());
    BigDecimal scale = TWO.pow(Math.abs(k));
    BigDecimal part = k < 0 ? x.multiply(scale) : x.divide(scale);
    return LN_2.multiply(BigDecimal.valueOf(k)).add(log1p(part.subtract(BigDecimal.ONE)), CONTEXT);
  }

  static BigDecimal log1p(BigDecimal x) {
    return log1p(x, StrictMath.log1p(x.doubleValue()));
  }

  /** A step of Halley's method, of third order, from a double. */
  private static BigDecimal log1p(BigDecimal x, double guess) {
    BigDecimal y = new BigDecimal(guess);
    BigDecimal e = expm1(y);
    BigDecimal step =
        x.subtract(e, CONTEXT).multiply(TWO).divide(x.add(e).add(TWO, CONTEXT), CONTEXT);
    return y.add(step, CONTEXT);
  }

  static BigDecimal tanh(BigDecimal x) {
    BigDecimal e = expm1(x.multiply(TWO));
    return e.divide(e.add(TWO), CONTEXT);
  }

  static BigDecimal pow(BigDecimal x, BigDecimal y) {
    return exp(y.multiply(log(x), CONTEXT));
  }

  static BigDecimal sin(BigDecimal x) {
    return alternating(x, x, 1);
  }

  static BigDecimal cos(BigDecimal x) {
    return alternating(BigDecimal.ONE, x, 0);
  }

  /**
   * The sum of a term and those that follow it, each -x^2 / ((n + 1) (n + 2)) of the one before.
   */
  private static BigDecimal alternating(BigDecimal first, BigDecimal x, int n) {
    BigDecimal square = x.multiply(x, CONTEXT).negate();
    BigDecimal term = first;
    BigDecimal sum = first;
    for (int k = n; k < 80; k += 2) {
      term =
          term.multiply(square, CONTEXT).divide(BigDecimal.valueOf((k + 1L) * (k + 2L)), CONTEXT);
      sum = sum.add(term, CONTEXT);
    }
    return sum;
  }
}
