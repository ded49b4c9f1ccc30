// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * A normalising flow of planar maps after {@link Reparameterize} (Rezende and Mohamed 2015, section
 * 4.1), whose parameters the encoder gives for each row. A map maps y to {@code y + v h}, {@code h
 * = tanh(w.y + b)}; its Jacobian's determinant is {@code h^2 + (1 - h^2) p}, {@code p = 1 + w.v}.
 * The map is invertible exactly if p is positive. Therefore v is u, changed along w where p would
 * be too small: with s = w.u,
 *
 * <ul>
 *   <li>{@code p = 1 + s}, {@code v = u} for {@code s >= 0}
 *   <li>{@code p = exp(max(s, -30))}, {@code v = u + (p - 1 - s) / |w|^2 w} for {@code s < 0}
 * </ul>
 *
 * <p>The choice of the paper, p = log(1 + exp(s)), changes v even for w near 0, by a length of
 * order 1 / |w|; here v differs from u by at most |u|. Then {@code logRatio[r] = logRatio[r] + sum
 * over maps of log det + 1/2 (|z0|^2 - |z|^2)}: log N(z; 0, I) - log q(z|x), in place of the value
 * for z0.
 *
 * @param parameters FLOAT32 (B, W), of which the last T (2Z + 1) columns are read: for each map u
 *     (Z), w (Z), b
 * @param z0 FLOAT32 (B, L, Z)
 * @param z FLOAT32 (B, L, Z): z0 after all maps
 * @param tanh FLOAT32 (B, L, T): h of each of the T maps, which is enough for the gradient, because
 *     {@code y = y' - v h} inverts a map
 * @param logRatio FLOAT32 (B, L), updated
 */
public record PlanarFlow(Tensor parameters, Tensor z0, Tensor z, Tensor tanh, Tensor logRatio)
    implements Op {
  /** Checks the operands. {@inheritDoc} */
  public PlanarFlow {
    Check check = new Check("planarFlow");
    check
        .in("parameters", parameters, "B W")
        .in("z0", z0, "B L Z")
        .out("z", z, "B L Z")
        .out("tanh", tanh, "B L T")
        .out("logRatio", logRatio, "B L");
    long own = (long) check.size("T") * parametersPerLayer(check.size("Z"));
    if (check.size("W") < own) {
      throw check.wrong("parameters", own + " columns or more", parameters);
    }
    check.done();
  }

  /** The lower clamp of s = w.u before it is exponentiated. */
  public static final double MIN_PRODUCT = -30;

  /** Below this |w|^2, v is u: the change would be lost in float32. */
  public static final double MIN_SQUARE = 1e-30;

  /**
   * The number of one map's parameters.
   *
   * @param latent Z
   * @return those of u, w and b
   */
  public static int parametersPerLayer(int latent) {
    return 2 * latent + 1;
  }
}
