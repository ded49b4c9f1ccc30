// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

/**
 * The precision of matrix products. Parameters, reductions and losses are float32 in all of them.
 */
public enum Precision {
  /** Strict float32. */
  FP32,
  /** TensorFloat-32 if the device has it, else float32. */
  TF32,
  /** bfloat16 factors, float32 sums. */
  BF16
}
