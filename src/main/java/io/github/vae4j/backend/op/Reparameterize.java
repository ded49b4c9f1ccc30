// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Samples of a diagonal Gaussian posterior and its KL from the standard normal (Kingma and Welling
 * 2014, appendix B), in one pass. With mu = stats[b, j], logvar = stats[b, Z + j] clamped to [-30,
 * 20]:
 *
 * <ul>
 *   <li>{@code z[b L + l, j] = mu + exp(logvar / 2) eps}, eps normal at (stream, step, rowOffset L
 *       + b L + l, j)
 *   <li>{@code kl[b] = 1/2 sum_j (exp(logvar) + mu^2 - 1 - logvar)}, nats
 *   <li>{@code klPerDimension[j] = 1/B sum_b} of the same terms
 *   <li>{@code logRatio[r] = sum_j 1/2 (eps^2 + logvar - z^2) = log p(z) - log q(z|x)}
 * </ul>
 *
 * @param stats FLOAT32 (B, 2Z): means, then log variances
 * @param z FLOAT32 (B, L, Z)
 * @param kl FLOAT32 (B)
 * @param klPerDimension FLOAT32 (Z); null if it is not computed
 * @param logRatio FLOAT32 (B, L); null if it is not computed
 * @param control the step
 * @param seed the seed
 * @param stream the use of the noise
 * @param rowOffset the number of the batch's first row in a larger batch, so that a split batch has
 *     the same noise
 */
public record Reparameterize(
    Tensor stats,
    Tensor z,
    Tensor kl,
    @Nullable Tensor klPerDimension,
    @Nullable Tensor logRatio,
    Control control,
    long seed,
    Stream stream,
    int rowOffset)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public Reparameterize {
    Check check = new Check("reparameterize");
    check
        .given("stream", stream, "a stream")
        .in("stats", stats, "B 2Z")
        .out("z", z, "B L Z")
        .out("kl", kl, "B")
        .mayOut("klPerDimension", klPerDimension, "Z")
        .mayOut("logRatio", logRatio, "B L")
        .control(control)
        .atLeast("rowOffset", rowOffset, 0);
    long rows = ((long) rowOffset + check.size("B")) * check.size("L");
    if (rows > Integer.MAX_VALUE) {
      throw check.wrong("rowOffset", "(rowOffset + B) L below 2^31", rowOffset);
    }
    check.done();
  }

  /** The lower clamp of logvar before it is exponentiated. */
  public static final double MIN_LOGVAR = -30;

  /** The upper clamp of logvar before it is exponentiated. */
  public static final double MAX_LOGVAR = 20;

  /**
   * The clamped log variance.
   *
   * @param logvar from the encoder; NaN stays NaN
   * @return logvar, or the nearer bound
   */
  public static double clamp(double logvar) {
    return Math.min(Math.max(logvar, MIN_LOGVAR), MAX_LOGVAR);
  }
}
