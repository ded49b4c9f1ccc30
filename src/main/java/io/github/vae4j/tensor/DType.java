package io.github.vae4j.tensor;

/** The element types a {@link Buffer} can hold. */
public enum DType {
  /** IEEE 754 binary32: parameters, activations, gradients. */
  FLOAT32(4),
  /** IEEE 754 binary64: control values, metrics and long sums. */
  FLOAT64(8),
  /** Unsigned bytes: grey values of images. */
  UINT8(1),
  /** Signed 32-bit integers: row numbers. */
  INT32(4);

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
}
