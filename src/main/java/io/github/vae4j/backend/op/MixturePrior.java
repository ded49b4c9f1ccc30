package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the standard normal prior of {@link Reparameterize} by a mixture of K diagonal
 * Gaussians: a mixture of Gaussians with learned components, or a VampPrior (Tomczak and Welling
 * 2018, equation 9), whose components are the posteriors of pseudo-inputs. With mu = components[k,
 * j], logvar = components[k, latent + j] clamped to [-30, 20], pi = softmax(logits):
 *
 * <ul>
 *   <li>{@code c_k = log pi_k + sum_j 1/2 (z^2 - logvar - (z - mu)^2 exp(-logvar))}, the log of
 *       component k's part of p(z) relative to N(z; 0, I)
 *   <li>{@code logRatio[r] = logRatio[r] + log sum_k exp(c_k)}, which is then log p(z) - log q(z|x)
 *       where it was log N(z; 0, I) - log q(z|x)
 *   <li>{@code responsibilities[r, k] = exp(c_k) / sum_i exp(c_i)}, the probability that z came
 *       from component k
 * </ul>
 *
 * @param z FLOAT32 (rows, latent)
 * @param components FLOAT32 (componentCount, 2 latent): means, then log variances
 * @param logits FLOAT32 (componentCount); null for equal weights
 * @param responsibilities FLOAT32 (rows, componentCount)
 * @param logRatio FLOAT32 (rows), updated
 * @param rows R: rows of a batch times samples
 * @param latent Z
 * @param componentCount K
 */
public record MixturePrior(
    Buffer z,
    Buffer components,
    @Nullable Buffer logits,
    Buffer responsibilities,
    Buffer logRatio,
    int rows,
    int latent,
    int componentCount)
    implements Op {}
