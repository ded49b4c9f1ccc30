package io.github.vae4j.backend;

/**
 * How exactly a backend computes.
 *
 * @param product the unit roundoff of the factors of matrix products
 * @param function the relative error of an element function; sums are float32 in all of them
 */
public record Tolerance(double product, double function) {
  /** Strict float32. */
  public static final Tolerance FP32 = new Tolerance(0x1p-24, 1e-5);

  /** TensorFloat-32 factors. */
  public static final Tolerance TF32 = new Tolerance(0x1p-11, 1e-5);

  /** bfloat16 factors. */
  public static final Tolerance BF16 = new Tolerance(0x1p-9, 1e-5);
}
