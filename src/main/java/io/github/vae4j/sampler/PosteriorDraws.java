// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.infer.Codes;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;

/** Samples of q(z) = 1/N sum_n q(z|x_n), the distribution of the decoder's inputs in training. */
public final class PosteriorDraws {
  private PosteriorDraws() {}

  /**
   * Draws from the posterior of every row.
   *
   * @param codes the posteriors of N rows
   * @param draws per row, at least 1
   * @param seed of the noise
   * @return (N * draws, latent), with the draws of a row adjacent
   */
  public static Matrix draw(Codes codes, int draws, long seed) {
    if (draws < 1) {
      throw new IllegalArgumentException("draws: expected 1 or more, given " + draws);
    }
    int rows = codes.mean().rows();
    int latent = codes.mean().columns();
    Matrix samples = Matrix.zeros(Math.multiplyExact(rows, draws), latent);
    for (int row = 0; row < rows; row++) {
      for (int draw = 0; draw < draws; draw++) {
        for (int j = 0; j < latent; j++) {
          double logvar = Reparameterize.clamp(codes.logvar().at(row, j));
          double noise = Philox.normal(seed, Stream.AGGREGATE, draw, row, j);
          samples.values()[(row * draws + draw) * latent + j] =
              (float) (codes.mean().at(row, j) + Math.exp(logvar / 2) * noise);
        }
      }
    }
    return samples;
  }
}
