// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

/** Floats of 16 bits, widened without rounding. */
public final class Half {
  private Half() {}

  /**
   * Widens IEEE 754 binary16.
   *
   * @param bits a sign, 5 bits of exponent, 10 of fraction
   * @return the same number
   */
  public static float binary16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      float value = fraction * 0x1p-24f;
      return sign == 0 ? value : -value;
    }
    int wide = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  /**
   * Widens bfloat16, the upper half of a float.
   *
   * @param bits a sign, 8 bits of exponent, 7 of fraction
   * @return the same number
   */
  public static float bfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
