// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/**
 * The accuracy of a backend.
 *
 * <p>The documentation of cuBLASLt specifies the type of the tensor cores' factors ({@code
 * FAST_TF32}, {@code FAST_16BF}), and that ReLU is {@code max(x, 0)}. It does not specify, so that
 * {@link #onHardware} assumes the worst: the rounding of factors (to the nearest, or by truncation,
 * with twice the error); whether the sums of the bias gradient's epilogue use the rounded factors;
 * and whether the maximum of NaN and 0 is NaN. The one card that was tried, an H200 with cuBLASLt
 * 13.1.0, had the tighter bounds of the emulated device in all three.
 *
 * @param product the unit roundoff of the factors of matrix products
 * @param summand the unit roundoff of the terms of a bias gradient, before float32 sums; 0 for none
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

  /** The tolerance that the documentation of cuBLASLt allows on a device. */
  public Tolerance onHardware() {
    boolean rounds = product > STRICT;
    double cutOff = rounds ? 2 * product : product;
    return new Tolerance(cutOff, rounds ? cutOff : 0, function, false);
  }
}
