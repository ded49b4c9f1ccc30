// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.latent;

import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch, the input of a model's pass.
 *
 * @param x FLOAT32 (B, D)
 * @param mask FLOAT32 (B, D), 0 where a value is missing, else 1; null if none is missing
 * @param condition FLOAT32 (B, C); null for a model without a condition
 */
public record Rows(Tensor x, @Nullable Tensor mask, @Nullable Tensor condition) {}
