package io.github.vae4j.evaluate;

import io.github.vae4j.tensor.Matrix;

/**
 * The posteriors of rows: q(z|x) = N(mean, exp(logvar)).
 *
 * @param mean (rows, latent)
 * @param logvar (rows, latent)
 */
public record Codes(Matrix mean, Matrix logvar) {}
