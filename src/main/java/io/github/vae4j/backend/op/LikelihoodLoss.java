package io.github.vae4j.backend.op;

import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The negative log-likelihood of each row and, in the same pass, its gradient: row r of the
 * parameters belongs to row b = r / samples of x. {@code nll[r] = -log p(x[b] | parameters[r],
 * shared)} in nats, summed over the features that the mask shows; {@code dParameters[r] = scale
 * w[r] d nll[r] / d parameters[r]}; {@code dShared = scale sum_r w[r] d nll[r] / d shared}. The nll
 * itself is never weighted. A missing feature adds nothing to the nll and its gradient is 0; its x
 * is not looked at and may be NaN. A row of weight 0 has gradient 0.
 *
 * <p>Where a block is {@link io.github.vae4j.likelihood.GaussianOptimal} and a gradient is wanted,
 * its shared log variance is set first: to the log of the sum of w[r] times squared error over the
 * block's observed features of all rows, divided by the sum of w[r] over the same, and it stays as
 * it was where that is not finite. Its gradient is 0.
 *
 * @param likelihood the observation model
 * @param parameters FLOAT32 (batch * samples, likelihood.parameters(features))
 * @param shared FLOAT32 (likelihood.shared(features)); null where that is 0
 * @param x FLOAT32 (batch, features)
 * @param mask FLOAT32 (batch, features), 0 where a feature is missing, else 1; null where none is
 * @param rowWeight FLOAT32 w: (batch), or (batch * samples) to weigh samples apart; null for 1
 * @param nll FLOAT32 (batch * samples)
 * @param dParameters FLOAT32 like parameters, may be the same buffer; null for no gradient
 * @param dShared FLOAT32 like shared; null for no gradient
 * @param batch B
 * @param samples L
 * @param features D
 * @param scale the weight of all rows: 1 / (B L) for a mean over samples and batch
 */
public record LikelihoodLoss(
    Likelihood likelihood,
    Buffer parameters,
    @Nullable Buffer shared,
    Buffer x,
    @Nullable Buffer mask,
    @Nullable Buffer rowWeight,
    Buffer nll,
    @Nullable Buffer dParameters,
    @Nullable Buffer dShared,
    int batch,
    int samples,
    int features,
    float scale)
    implements Op {
  /**
   * The loss of rows without missing features, all of weight 1, by a likelihood without shared
   * parameters.
   *
   * @param likelihood the observation model
   * @param parameters FLOAT32 (batch * samples, likelihood.parameters(features))
   * @param x FLOAT32 (batch, features)
   * @param nll FLOAT32 (batch * samples)
   * @param dParameters FLOAT32 like parameters, may be the same buffer; null for no gradient
   * @param batch B
   * @param samples L
   * @param features D
   * @param scale the weight of all rows
   */
  public LikelihoodLoss(
      Likelihood likelihood,
      Buffer parameters,
      Buffer x,
      Buffer nll,
      @Nullable Buffer dParameters,
      int batch,
      int samples,
      int features,
      float scale) {
    this(
        likelihood,
        parameters,
        null,
        x,
        null,
        null,
        nll,
        dParameters,
        null,
        batch,
        samples,
        features,
        scale);
  }
}
