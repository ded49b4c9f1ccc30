package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * Sets every element of a FLOAT32 or FLOAT64 buffer.
 *
 * @param target the buffer
 * @param value the value
 */
public record Fill(Buffer target, double value) implements Op {}
