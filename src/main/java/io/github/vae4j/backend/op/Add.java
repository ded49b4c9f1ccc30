package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * Adds a buffer to another: {@code target[i] = target[i] + source[i]}. A value that two parts of a
 * model use has the sum of their gradients.
 *
 * @param source FLOAT32 (n)
 * @param target FLOAT32 (n), updated; must not overlap the source
 */
public record Add(Buffer source, Buffer target) implements Op {}
