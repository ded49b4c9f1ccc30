package io.github.vae4j.evaluate;

/**
 * Numbers of each row, in nats: low values are unlike the training data.
 *
 * @param elbo reconstruction - kl
 * @param reconstruction E_q[log p(x|z)]
 * @param kl KL(q(z|x) || p(z))
 */
@SuppressWarnings("ArrayRecordComponent")
public record RowScores(double[] elbo, double[] reconstruction, double[] kl) {}
