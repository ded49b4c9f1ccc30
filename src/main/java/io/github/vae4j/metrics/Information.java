// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

/**
 * The information in the codes, in nats: the terms of the mean KL(q(z|x) || p(z)) (Hoffman and
 * Johnson 2016, "ELBO surgery"; Chen et al. 2018, "Isolating sources of disentanglement", equation
 * 2). With q(z) = 1/N sum_n q(z|x_n) over these rows, {@code kl = mutualInformation + aggregateKl}
 * and {@code aggregateKl = totalCorrelation + dimensionwiseKl}, to the last digit, because all are
 * means over the same draws.
 *
 * @param rows N
 * @param draws Monte-Carlo draws of z from q(z)
 * @param mostInformation the greatest possible mutual information: the entropy of the rows'
 *     weights, log N if they are equal
 * @param kl E[log q(z|x) - log p(z)]
 * @param mutualInformation I_q(x; z) = E[log q(z|x) - log q(z)], between 0 and mostInformation
 * @param mutualInformationError its standard error
 * @param aggregateKl KL(q(z) || p(z)): the divergence of the codes of all rows from the prior
 * @param aggregateKlError its standard error
 * @param totalCorrelation KL(q(z) || prod_j q(z_j)): the dependence between dimensions
 * @param dimensionwiseKl sum_j KL(q(z_j) || p(z_j))
 */
public record Information(
    int rows,
    int draws,
    double mostInformation,
    double kl,
    double mutualInformation,
    double mutualInformationError,
    double aggregateKl,
    double aggregateKlError,
    double totalCorrelation,
    double dimensionwiseKl) {}
