// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

/**
 * A mixture that was fitted.
 *
 * @param mixture the fit
 * @param logLikelihoods mean log density of the codes after the start and after each step of EM, in
 *     nats; the last one is the mixture's
 * @param converged false where EM stopped because it had taken all its steps
 */
@SuppressWarnings("ArrayRecordComponent")
public record MixtureFit(GaussianMixture mixture, double[] logLikelihoods, boolean converged) {}
