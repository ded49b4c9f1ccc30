// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.tensor;

/** The element types of a {@link Buffer}. */
public enum DType {
  /** IEEE 754 binary32: parameters, activations, gradients. */
  FLOAT32(4),
  /** IEEE 754 binary64: control values, metrics and long sums. */
  FLOAT64(8),
  /** Unsigned bytes: grey values of images. */
  UINT8(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * The size of one element.
   *
   * @return bytes per element
   */
  public int bytes() {
    return bytes;
  }

  /**
   * The size of several elements.
   *
   * @param length the number of elements
   * @return bytes
   * @throws IllegalArgumentException if the length is below 1
   * @throws ArithmeticException if the size overflows a long
   */
  public long bytes(long length) {
    if (length < 1) {
      throw new IllegalArgumentException("allocate: length: expected 1 or more, given " + length);
    }
    return Math.multiplyExact(length, (long) bytes);
  }
}
