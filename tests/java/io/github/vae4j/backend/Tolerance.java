// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/**
 * How exactly a backend computes.
 *
 * <p>Documented of cuBLASLt is which type the tensor cores take ({@code FAST_TF32}, {@code
 * FAST_16BF}), and that ReLU is {@code max(x, 0)}. Not documented, and so assumed to be as little
 * as {@link #onHardware} says: how factors are rounded on the way in (to the nearest, or cut off,
 * which is twice as far); whether the sums of the bias gradient's epilogue take the rounded factors
 * too; and whether the maximum of NaN and 0 is NaN. The one card that was tried, an H200 with
 * cuBLASLt 13.1.0, kept the tighter bounds of the emulated device in all of it.
 *
 * @param product the unit roundoff of the factors of matrix products
 * @param summand the unit roundoff of what a bias gradient adds up, before float32 sums; 0 for none
 * @param function the relative error of an element function; sums are float32 in all of them
 * @param reluKeepsNan whether a layer's ReLU of NaN is NaN; else it may be 0
 */
public record Tolerance(double product, double summand, double function, boolean reluKeepsNan) {
  private static final double STRICT = 0x1p-24;

  /** Strict float32. */
  public static final Tolerance FP32 = rounding(STRICT);

  /** TensorFloat-32 factors. */
  public static final Tolerance TF32 = rounding(0x1p-11);

  /** bfloat16 factors. */
  public static final Tolerance BF16 = rounding(0x1p-9);

  private static Tolerance rounding(double product) {
    return new Tolerance(product, 0, 1e-5, true);
  }

  /** What a device's cuBLASLt may do within its documentation. */
  public Tolerance onHardware() {
    boolean rounds = product > STRICT;
    double cutOff = rounds ? 2 * product : product;
    return new Tolerance(cutOff, rounds ? cutOff : 0, function, false);
  }
}
