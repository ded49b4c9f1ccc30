package io.github.vae4j.backend.op;

import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link Reparameterize}, with the latent term's own: eps is drawn again, not
 * stored. With w = weight (1 where there is none) and g = klScale beta:
 *
 * <ul>
 *   <li>{@link Estimator#ANALYTIC}, the gradient of g kl[b]: {@code dmu = sum_l dz + h mu}, {@code
 *       dlogvar = sum_l dz eps exp(logvar / 2) / 2 + h (exp(logvar) - 1) / 2}. h is g times the
 *       mean over l of w; 0 for a dimension whose klPerDimension is below freeBits (Kingma et al.
 *       2016, equation 15); and with a capacity C (Burgess et al. 2018) times the sign of sum_j
 *       klPerDimension[j] - C, the gradient of g |kl - C| for the batch's mean
 *   <li>{@link Estimator#SAMPLED}, the gradient of - g / L sum_l w logRatio: with {@code s = dz + g
 *       w z / L}, {@code dmu = sum_l s}, {@code dlogvar = sum_l (s eps exp(logvar / 2) - g w / L) /
 *       2}
 *   <li>{@link Estimator#DOUBLY_REPARAMETERIZED} (Tucker et al. 2019, equation 8): with K = L /
 *       groups and {@code s = (w / K) (dz + g w (z - eps / exp(logvar / 2)) / L)}, {@code dmu =
 *       sum_l s}, {@code dlogvar = sum_l s eps exp(logvar / 2) / 2}
 * </ul>
 *
 * In all of them dlogvar is 0 where logvar was outside the clamp. dz is taken as it is given: what
 * it holds of w came with {@link LikelihoodLoss}.
 *
 * @param stats FLOAT32 (batch, 2 latent)
 * @param dz FLOAT32 (batch * samples, latent)
 * @param klPerDimension FLOAT32 (latent), from the forward op; null where neither freeBits nor a
 *     capacity need it
 * @param weight FLOAT32 (batch * samples), from {@link SampleWeights}; null for 1
 * @param dStats FLOAT32 (batch, 2 latent)
 * @param control step, beta and capacity
 * @param batch B
 * @param samples L
 * @param groups M, as in SampleWeights; L where there is no weight
 * @param latent Z
 * @param seed the seed
 * @param stream what the noise is for
 * @param rowOffset as in the forward op
 * @param klScale the weight of one row's latent term: 1 / B for a mean over the batch
 * @param freeBits nats per dimension that cost nothing; 0 for none
 * @param capacity whether the KL is drawn to the control block's capacity
 * @param estimator of the latent term's gradient
 */
public record ReparameterizeBackward(
    Buffer stats,
    Buffer dz,
    @Nullable Buffer klPerDimension,
    @Nullable Buffer weight,
    Buffer dStats,
    Control control,
    int batch,
    int samples,
    int groups,
    int latent,
    long seed,
    Stream stream,
    int rowOffset,
    float klScale,
    float freeBits,
    boolean capacity,
    Estimator estimator)
    implements Op {
  /**
   * The gradient with the analytic KL term of rows of weight 1.
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
   * @param klScale the weight of one row's KL
   * @param freeBits nats per dimension that cost nothing; 0 for none
   */
  public ReparameterizeBackward(
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
      float freeBits) {
    this(
        stats,
        dz,
        klPerDimension,
        null,
        dStats,
        control,
        batch,
        samples,
        samples,
        latent,
        seed,
        stream,
        rowOffset,
        klScale,
        freeBits,
        false,
        Estimator.ANALYTIC);
  }
}
