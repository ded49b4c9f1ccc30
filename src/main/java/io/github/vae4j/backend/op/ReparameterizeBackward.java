package io.github.vae4j.backend.op;

import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link Reparameterize}, with the KL term's own: eps is drawn again, not stored.
 * With g = klScale beta, and 0 for a dimension whose klPerDimension is below freeBits (Kingma et
 * al. 2016, equation 15):
 *
 * <ul>
 *   <li>{@code dmu = sum_l dz + g mu}
 *   <li>{@code dlogvar = sum_l dz eps exp(logvar / 2) / 2 + g (exp(logvar) - 1) / 2}, and 0 where
 *       logvar was outside the clamp
 * </ul>
 *
 * @param stats FLOAT32 (batch, 2 latent)
 * @param dz FLOAT32 (batch * samples, latent)
 * @param klPerDimension FLOAT32 (latent), from the forward op; null where freeBits is 0
 * @param dStats FLOAT32 (batch, 2 latent)
 * @param control step and beta
 * @param batch B
 * @param samples L
 * @param latent Z
 * @param seed the seed
 * @param stream what the noise is for
 * @param rowOffset as in the forward op
 * @param klScale the weight of one row's KL: 1 / B for a mean over the batch
 * @param freeBits nats per dimension that cost nothing; 0 for none
 */
public record ReparameterizeBackward(
    Buffer stats,
    Buffer dz,
    @Nullable Buffer klPerDimension,
    Buffer dStats,
    Control control,
    int batch,
    int samples,
    int latent,
    long seed,
    Stream stream,
    int rowOffset,
    float klScale,
    float freeBits)
    implements Op {}
