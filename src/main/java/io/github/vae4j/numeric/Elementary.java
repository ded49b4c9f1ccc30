// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.numeric;

/**
 * Elementary functions of doubles. The intrinsics of {@link Math} and the functions of a C library
 * differ in the last bit, and so do two C libraries; a model must give the same results in a Java
 * service and in a C program. These functions use only operations that IEEE 754 rounds correctly
 * (sums, products, quotients, comparisons) and operations on bits, in an order that {@code
 * native/src/model/numeric.hpp} repeats. No product and sum may be fused.
 *
 * <p>Each result differs from the exact one by less than one unit in the last place; {@code
 * ElementaryTest} measures the largest error of each function against 45 decimal digits. An
 * argument is reduced by multiples of log 2 or pi / 2 whose leading bits are exact, then Taylor's
 * series is summed; the terms that determine the last bit are kept as a sum of two doubles (Dekker
 * 1971, "A floating-point technique for extending the available precision").
 */
public final class Elementary {
  /** log 2 in 42 bits, so that its product with an exponent is exact, and the rest. */
  private static final double LN2_HIGH = 0x1.62e42fefa3800p-1;

  private static final double LN2_LOW = 0x1.ef35793c76730p-45;

  private static final double LOG2_E = 0x1.71547652b82fep+0;

  /** pi / 2 in two parts of 50 bits, and the rest. */
  private static final double HALF_PI_HIGH = 0x1.921fb54442d18p+0;

  private static final double HALF_PI_MIDDLE = 0x1.1a62633145c08p-54;
  private static final double HALF_PI_LOW = -0x1.1f1976b7ed8fcp-106;
  private static final double TWO_BY_PI = 0x1.45f306dc9c883p-1;

  /** 1/3 and 1/5 less their rounded values. */
  private static final double THIRD_LOW = 0x1.5555555555555p-56;

  private static final double FIFTH_LOW = -0x1.999999999999ap-57;

  /** A number of at most 2^51 that is added to this one is rounded to a whole number. */
  private static final double ROUNDING = 0x1.8p52;

  private static final long SQRT_HALF_BITS = 0x3FE6A09E667F3BCDL;
  private static final long HIGH_BITS = -1L << 27;

  /** Below this size x differs from sinh x and the like by less than half a unit. */
  private static final double TINY = 0x1p-54;

  private Elementary() {}

  /**
   * The exponential function.
   *
   * @param x any number
   * @return e^x; NaN for NaN
   */
  public static double exp(double x) {
    return exp(x, 0);
  }

  /** e^(x + low), low at most half a unit of x. */
  private static double exp(double x, double low) {
    if (!(Math.abs(x) < 746)) {
      return x > 0 ? Double.POSITIVE_INFINITY : x < 0 ? 0 : x;
    }
    double shifted = x * LOG2_E + ROUNDING;
    double k = shifted - ROUNDING;
    double high = x - k * LN2_HIGH;
    double rest = k * LN2_LOW - low;
    double r = high - rest;
    double c = (high - r) - rest;
    double sum = 1 + r;
    double e = sum + ((r - (sum - 1)) + (expTail(r) + (c + c * r)));
    int whole = (int) Double.doubleToRawLongBits(shifted);
    // Two factors, of which only the second can leave the normal range and round.
    int half = whole >> 1;
    return e * power(half) * power(whole - half);
  }

  /** 2^k, k from -1022 to 1023. */
  private static double power(int k) {
    return Double.longBitsToDouble((long) (k + 1023) << 52);
  }

  /** e^r - 1 - r for r up to 0.35. */
  private static double expTail(double r) {
    double z = r * r;
    return 0.5 * z + cubicTail(r, z);
  }

  /** e^r - 1 - r - r^2/2 for r up to 0.35 and z = r^2, the terms to r^13 / 13!. */
  private static double cubicTail(double r, double z) {
    double w = z * z;
    double first = (1.0 / 6 + r * (1.0 / 24)) + z * (1.0 / 120 + r * (1.0 / 720));
    double second = (1.0 / 5040 + r * (1.0 / 40320)) + z * (1.0 / 362880 + r * (1.0 / 3628800));
    double third = (1.0 / 39916800 + r * (1.0 / 479001600)) + z * (1.0 / 6227020800.0);
    return r * z * (first + w * (second + w * third));
  }

  /**
   * e^x - 1, without cancellation near 0.
   *
   * @param x any number
   * @return the difference; x itself for zeros of either sign, NaN for NaN
   */
  public static double expm1(double x) {
    if (!(Math.abs(x) >= TINY)) {
      return x;
    }
    if (x > 45) {
      return exp(x);
    }
    if (x < -40) {
      return -1;
    }
    double shifted = x * LOG2_E + ROUNDING;
    double k = shifted - ROUNDING;
    double high = x - k * LN2_HIGH;
    double rest = k * LN2_LOW;
    double r = high - rest;
    double c = (high - r) - rest;
    double top = high(r);
    double half = 0.5 * top * top;
    double halfLow = 0.5 * (r - top) * (r + top);
    double tail = halfLow + (cubicTail(r, r * r) + (c + c * r));
    double scale = power((int) Double.doubleToRawLongBits(shifted));
    double whole = scale - 1;
    double wholeLow = (scale - whole) - 1;
    double first = whole + scale * r;
    double firstLow = (whole - first) + scale * r;
    double sum = first + scale * half;
    return sum + (((first - sum) + scale * half) + (firstLow + (wholeLow + scale * tail)));
  }

  /**
   * The hyperbolic tangent.
   *
   * @param x any number
   * @return tanh x; x itself for zeros of either sign, NaN for NaN
   */
  public static double tanh(double x) {
    double a = Math.abs(x);
    if (!(a >= 0x1p-28)) {
      return x;
    }
    if (a > 20) {
      return x > 0 ? 1 : -1;
    }
    // tanh a = (e^2a - 1) / (e^2a + 1), both in two parts.
    double shifted = 2 * a * LOG2_E + ROUNDING;
    double k = shifted - ROUNDING;
    double high = 2 * a - k * LN2_HIGH;
    double rest = k * LN2_LOW;
    double r = high - rest;
    double c = (high - r) - rest;
    double scale = power((int) Double.doubleToRawLongBits(shifted));
    double tail = expTail(r) + (c + c * r);
    double part = r + tail;
    double partLow = scale * ((r - part) + tail);
    part *= scale;
    double less = scale - 1;
    double above = less + part;
    double aboveLow = ((less - above) + part) + (((scale - less) - 1) + partLow);
    double more = scale + 1;
    double below = more + part;
    double belowLow = ((more - below) + part) + (((scale - more) + 1) + partLow);
    double quotient = above / below;
    double product = quotient * below;
    double left = (above - product) - productError(quotient, below, product);
    double t = quotient + (left + (aboveLow - quotient * belowLow)) / below;
    return x > 0 ? t : -t;
  }

  /**
   * The natural logarithm.
   *
   * @param x any number
   * @return log x; -infinity for zeros, NaN below 0 and for NaN
   */
  public static double log(double x) {
    double normal = x;
    int shift = 0;
    if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
      if (!(x > 0 && x <= Double.MAX_VALUE)) {
        return x == 0 ? Double.NEGATIVE_INFINITY : x < 0 ? Double.NaN : x;
      }
      normal = x * 0x1p54;
      shift = -54;
    }
    long bits = Double.doubleToRawLongBits(normal);
    int k = (int) ((bits - SQRT_HALF_BITS) >> 52);
    double f = Double.longBitsToDouble(bits - ((long) k << 52)) - 1;
    return logSum(shift + k, f, 0);
  }

  /**
   * log(1 + x), without cancellation near 0.
   *
   * @param x any number
   * @return the logarithm; -infinity for -1, x itself for zeros of either sign, NaN below -1 and
   *     for NaN
   */
  public static double log1p(double x) {
    if (!(Math.abs(x) >= TINY)) {
      return x;
    }
    if (x > -0.29 && x < 0.41) {
      return logSum(0, x, 0);
    }
    if (!(x > -1 && x <= Double.MAX_VALUE)) {
      return x == -1 ? Double.NEGATIVE_INFINITY : x < -1 ? Double.NaN : x;
    }
    double sum = 1 + x;
    double low = x > 1 ? 1 - (sum - x) : x - (sum - 1);
    long bits = Double.doubleToRawLongBits(sum);
    int k = (int) ((bits - SQRT_HALF_BITS) >> 52);
    double f = Double.longBitsToDouble(bits - ((long) k << 52)) - 1;
    return logSum(k, f, low / sum);
  }

  /**
   * k log 2 + log(1 + f) + low, f from sqrt(1/2) - 1 to sqrt(2) - 1. With s = f / (2 + f), log(1 +
   * f) = 2 atanh s = f - f^2/2 + s (f^2/2 + 2 s^2/3 + 2 s^4/5 + ...).
   */
  private static double logSum(double k, double f, double low) {
    double s = f / (2 + f);
    double z = s * s;
    double w = z * z;
    double v = w * w;
    double series =
        ((2.0 / 3 + z * (2.0 / 5)) + w * (2.0 / 7 + z * (2.0 / 9)))
            + v
                * (((2.0 / 11 + z * (2.0 / 13)) + w * (2.0 / 15 + z * (2.0 / 17)))
                    + v * ((2.0 / 19 + z * (2.0 / 21)) + w * (2.0 / 23)));
    double top = high(f);
    double half = 0.5 * top * top;
    double halfLow = 0.5 * (f - top) * (f + top);
    double main = f - half;
    double mainLow = (f - main) - half;
    double tail = s * ((half + halfLow) + z * series) + (mainLow - halfLow);
    double powers = k * LN2_HIGH;
    double sum = powers + main;
    return sum + (((powers - sum) + main) + (k * LN2_LOW + (tail + low)));
  }

  /**
   * A power of a number that is not negative.
   *
   * @param x the base; a zero of either sign is 0
   * @param y the exponent
   * @return x^y as {@link Math#pow} has it; NaN where x is negative and y is not 0
   */
  public static double pow(double x, double y) {
    if (y == 0) {
      return 1;
    }
    if (!(x > 0 && x <= Double.MAX_VALUE && Math.abs(y) < 0x1p65)) {
      return powerAtTheEdge(x, y);
    }
    boolean denormal = x < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(denormal ? x * 0x1p54 : x);
    int exponent = (int) ((bits - SQRT_HALF_BITS) >> 52);
    double k = denormal ? exponent - 54 : exponent;
    double f = Double.longBitsToDouble(bits - ((long) exponent << 52)) - 1;
    // s = f / (2 + f) and z = s^2 in two parts each.
    double d = 2 + f;
    double s = f / d;
    double p = s * d;
    double sLow = (((f - p) - productError(s, d, p)) - s * (f - (d - 2))) / d;
    double z = s * s;
    double zLow = productError(s, s, z) + 2 * s * sLow;
    // 1/5 + z (1/7 + ...), then 1/3 + z times that, then 1 + z times that.
    p = z * seventhOn(z);
    double fifth = 1.0 / 5 + p;
    double fifthLow = ((1.0 / 5 - fifth) + p) + FIFTH_LOW;
    p = z * fifth;
    double third = 1.0 / 3 + p;
    double thirdLow =
        ((1.0 / 3 - third) + p)
            + (THIRD_LOW + (productError(z, fifth, p) + (z * fifthLow + zLow * fifth)));
    p = z * third;
    double one = 1 + p;
    double oneLow = ((1 - one) + p) + (productError(z, third, p) + (z * thirdLow + zLow * third));
    p = 2 * s * one;
    double pLow = productError(2 * s, one, p) + 2 * (s * oneLow + sLow * one);
    double powers = k * LN2_HIGH;
    double log = powers + p;
    double logLow = ((powers - log) + p) + (k * LN2_LOW + pLow);
    double product = y * log;
    return exp(product, productError(y, log, product) + y * logLow);
  }

  /** 1/7 + z/9 + z^2/11 + ... */
  private static double seventhOn(double z) {
    double sum = 1.0 / 29;
    for (int n = 27; n >= 7; n -= 2) {
      sum = sum * z + 1.0 / n;
    }
    return sum;
  }

  private static double powerAtTheEdge(double x, double y) {
    boolean negative = x < 0;
    if (negative
        || Double.isNaN(x)
        || Double.isNaN(y)
        || (x == 1 && Math.abs(y) > Double.MAX_VALUE)) {
      return Double.NaN;
    }
    if (x == 1) {
      return 1;
    }
    return (x > 1) == (y > 0) ? Double.POSITIVE_INFINITY : 0;
  }

  /**
   * The sine of an angle of one turn at most.
   *
   * @param x the angle, -7 to 7
   * @return sin x; x itself for zeros of either sign, NaN for larger angles and NaN
   */
  public static double sin(double x) {
    return Math.abs(x) < 0x1p-27 ? x : ofAngle(x, 0);
  }

  /**
   * The cosine of an angle of one turn at most.
   *
   * @param x the angle, -7 to 7
   * @return cos x; NaN for larger angles and NaN
   */
  public static double cos(double x) {
    return ofAngle(x, 1);
  }

  /** sin(x + quarters pi/2). */
  private static double ofAngle(double x, int quarters) {
    if (!(Math.abs(x) <= 7)) {
      return Double.NaN;
    }
    double shifted = x * TWO_BY_PI + ROUNDING;
    double k = shifted - ROUNDING;
    double high = x - k * HALF_PI_HIGH;
    double part = k * HALF_PI_MIDDLE;
    double r = high - part;
    double taken = high - r;
    double c = ((high - (r + taken)) + (taken - part)) - k * HALF_PI_LOW;
    int quadrant = (int) Double.doubleToRawLongBits(shifted) + quarters;
    double value = (quadrant & 1) == 0 ? sineNear0(r, c) : cosineNear0(r, c);
    return (quadrant & 2) == 0 ? value : -value;
  }

  /** sin(r + c) for r up to pi/4, the terms to r^17 / 17!. */
  private static double sineNear0(double r, double c) {
    double z = r * r;
    double w = z * z;
    double tail =
        (-1.0 / 6 + z * (1.0 / 120))
            + w
                * ((-1.0 / 5040 + z * (1.0 / 362880))
                    + w
                        * ((-1.0 / 39916800 + z * (1.0 / 6227020800.0))
                            + w * (-1.0 / 1307674368000.0 + z * (1.0 / 355687428096000.0))));
    return r + (r * z * tail + c * (1 - 0.5 * z));
  }

  /** cos(r + c) for r up to pi/4, the terms to r^16 / 16!. */
  private static double cosineNear0(double r, double c) {
    double z = r * r;
    double w = z * z;
    double tail =
        (1.0 / 24 + z * (-1.0 / 720))
            + w
                * ((1.0 / 40320 + z * (-1.0 / 3628800))
                    + w
                        * ((1.0 / 479001600 + z * (-1.0 / 87178291200.0))
                            + w * (1.0 / 20922789888000.0)));
    double top = high(r);
    double half = 0.5 * top * top;
    double halfLow = 0.5 * (r - top) * (r + top);
    double main = 1 - half;
    return main + (((1 - main) - half) + (w * tail - (halfLow + r * c)));
  }

  /** The 26 leading bits: the product of two such numbers is exact. */
  private static double high(double x) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(x) & HIGH_BITS);
  }

  /** a b less its rounded value. */
  private static double productError(double a, double b, double product) {
    double aHigh = high(a);
    double bHigh = high(b);
    double aLow = a - aHigh;
    double bLow = b - bHigh;
    return ((aHigh * bHigh - product) + (aHigh * bLow + aLow * bHigh)) + aLow * bLow;
  }
}
