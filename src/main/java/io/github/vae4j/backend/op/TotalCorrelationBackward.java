package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;

/**
 * The gradient of {@link TotalCorrelation} with respect to the densities' own parameters, z held
 * fixed. With w and v as there:
 *
 * <ul>
 *   <li>{@code dStats[j, d] += scale / (B L) sum_r (w[r, j] - v[r, j, d]) (z - mu) exp(-logvar)}
 *   <li>{@code dStats[j, Z + d] += scale / (2 B L) sum_r (w[r, j] - v[r, j, d]) ((z - mu)^2
 *       exp(-logvar) - 1)}, 0 where logvar was outside the clamp
 * </ul>
 *
 * It runs after {@link ReparameterizeBackward}, which sets dStats and takes what comes along z.
 *
 * @param stats FLOAT32 (batch, 2 latent)
 * @param z FLOAT32 (batch * samples, latent)
 * @param joint FLOAT32 (batch * samples), from the forward op
 * @param marginal FLOAT32 (batch * samples, latent), from the forward op
 * @param dStats FLOAT32 (batch, 2 latent), added to
 * @param batch B
 * @param samples L
 * @param latent Z
 * @param dataRows N, at least B
 * @param scale the penalty's weight
 */
public record TotalCorrelationBackward(
    Buffer stats,
    Buffer z,
    Buffer joint,
    Buffer marginal,
    Buffer dStats,
    int batch,
    int samples,
    int latent,
    int dataRows,
    float scale)
    implements Op {}
