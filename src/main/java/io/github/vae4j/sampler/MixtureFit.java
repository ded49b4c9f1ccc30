// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

/**
 * The result of the fit of a mixture.
 *
 * @param mixture the fit
 * @param logLikelihoods mean log density of the codes after the start and after each step of EM, in
 *     nats; the last is that of the mixture
 * @param converged false if EM stopped at the greatest number of steps
 */
@SuppressWarnings("ArrayRecordComponent")
public record MixtureFit(GaussianMixture mixture, double[] logLikelihoods, boolean converged) {}
