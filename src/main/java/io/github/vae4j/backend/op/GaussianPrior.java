package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * Replaces the standard normal prior of {@link Reparameterize} by a diagonal Gaussian of each
 * sample's own, p(z|y) of a stochastic layer above (Burda et al. 2016, section 2). With mu =
 * components[r, j], logvar = components[r, latent + j] clamped to [-30, 20]: {@code logRatio[r] =
 * logRatio[r] + sum_j 1/2 (z^2 - logvar - (z - mu)^2 exp(-logvar))}.
 *
 * @param z FLOAT32 (rows, latent)
 * @param components FLOAT32 (rows, 2 latent): means, then log variances
 * @param logRatio FLOAT32 (rows), updated
 * @param rows R: rows of a batch times samples
 * @param latent Z
 */
public record GaussianPrior(Buffer z, Buffer components, Buffer logRatio, int rows, int latent)
    implements Op {}
