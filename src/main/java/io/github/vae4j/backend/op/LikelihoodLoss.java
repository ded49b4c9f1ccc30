package io.github.vae4j.backend.op;

import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The negative log-likelihood of each row and, in the same pass, its gradient: row r of the
 * parameters belongs to row r / samples of x. {@code nll[r] = -log p(x | parameters[r])} in nats,
 * summed over features; {@code dParameters = scale * d nll / d parameters}.
 *
 * @param likelihood the observation model
 * @param parameters FLOAT32 (batch * samples, likelihood.parameters(features))
 * @param x FLOAT32 (batch, features)
 * @param nll FLOAT32 (batch * samples)
 * @param dParameters FLOAT32 like parameters, may be the same buffer; null for no gradient
 * @param batch B
 * @param samples L
 * @param features D
 * @param scale the weight of one row: 1 / (B L) for a mean over samples and batch
 */
public record LikelihoodLoss(
    Likelihood likelihood,
    Buffer parameters,
    Buffer x,
    Buffer nll,
    @Nullable Buffer dParameters,
    int batch,
    int samples,
    int features,
    float scale)
    implements Op {}
