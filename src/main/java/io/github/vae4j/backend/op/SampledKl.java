package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * The Monte-Carlo estimate of each row's KL, where it has no closed form: {@code kl[b] = -1/L sum_l
 * logRatio[b L + l]}, nats. It may be negative.
 *
 * @param logRatio FLOAT32 (batch * samples): log p(z) - log q(z|x)
 * @param kl FLOAT32 (batch)
 * @param batch B
 * @param samples L
 */
public record SampledKl(Buffer logRatio, Buffer kl, int batch, int samples) implements Op {}
