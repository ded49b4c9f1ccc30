package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * Copies all elements of a buffer to another of the same type and length, on the backend.
 *
 * @param source the source
 * @param target the target; must not overlap the source
 */
public record Copy(Buffer source, Buffer target) implements Op {}
