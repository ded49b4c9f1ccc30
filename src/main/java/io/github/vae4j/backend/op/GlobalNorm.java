package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * The Euclidean norm of all gradients: {@code norm[0] = sqrt(sum g^2)}; NaN or infinite where a
 * gradient is.
 *
 * @param gradients FLOAT32 (n)
 * @param norm FLOAT64 (1)
 */
public record GlobalNorm(Buffer gradients, Buffer norm) implements Op {}
