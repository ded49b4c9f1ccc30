// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.op;

import io.github.vae4j.tensor.Tensor;

/**
 * The squared maximum mean discrepancy of samples of q(z) from as many draws of the prior (Zhao et
 * al. 2019, InfoVAE; Tolstikhin et al. 2018, WAE-MMD), and its gradient. With {@code p[j]} standard
 * normal at ({@link io.github.vae4j.random.Stream#MMD}, step, j), R rows and the inverse
 * multiquadratic kernel {@code k(x, y) = C / (C + |x - y|^2)}, {@code C = 2 Z} (Tolstikhin et al.
 * 2018, section 4):
 *
 * <ul>
 *   <li>{@code penalty[0] = scale / R^2 sum_ij (k(z_i, z_j) + k(p_i, p_j) - 2 k(z_i, p_j))}
 *   <li>{@code dz_i += -4 scale / (C R^2) sum_j (k(z_i, z_j)^2 (z_i - z_j) - k(z_i, p_j)^2 (z_i -
 *       p_j))}
 * </ul>
 *
 * The sums contain their diagonals (the V-statistic), so that the penalty is never negative and is
 * defined for one row. Its mean is above that of the unbiased estimator, by at most 2 / R.
 *
 * @param z FLOAT32 (R, Z)
 * @param dz FLOAT32 (R, Z), added to
 * @param penalty FLOAT32 (1)
 * @param control the step
 * @param seed the seed
 * @param scale the penalty's weight
 */
public record MmdPenalty(
    Tensor z, Tensor dz, Tensor penalty, Control control, long seed, float scale) implements Op {
  /** Checks the operands. {@inheritDoc} */
  public MmdPenalty {
    new Check("mmdPenalty")
        .finite("scale", scale)
        .in("z", z, "*R Z")
        .out("dz", dz, "*R Z")
        .out("penalty", penalty, "1")
        .control(control)
        .done();
  }

  /**
   * C of the kernel.
   *
   * @param latent Z
   * @return twice Z: the mean squared distance of two draws of the prior
   */
  public static double kernelScale(int latent) {
    return 2.0 * latent;
  }
}
