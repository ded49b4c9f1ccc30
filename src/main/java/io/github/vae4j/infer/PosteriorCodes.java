// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.latent.LatentStage;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.numeric.Elementary;

/**
 * Computes the code of a row's posterior, a mean and a log variance for each dimension, and the
 * posterior's entropy.
 */
final class PosteriorCodes {
  static final double LOG_2_PI = Elementary.log(2 * Math.PI);

  /** {@link #read} of a family. */
  private interface Reader {
    double read(float[] head, int row, float[] mean, float[] logvar, int to);
  }

  private static final SealedTable<Posterior, PosteriorCodes, Reader> READERS =
      SealedTable.<Posterior, PosteriorCodes, Reader>of(Posterior.class)
          .with(Posterior.Diagonal.class, (codes, posterior) -> codes::asItIs)
          .with(Posterior.FullCovariance.class, (codes, posterior) -> codes::marginals)
          .with(
              Posterior.Planar.class,
              (codes, posterior) ->
                  (head, row, mean, logvar, to) ->
                      codes.throughMaps(posterior.layers(), head, row, mean, logvar, to))
          .complete();

  private final Reader reader;
  private final int latent;
  private final int columns;

  PosteriorCodes(VaeSpec spec) {
    latent = spec.latent();
    columns = spec.posteriorColumns();
    reader = READERS.apply(this, spec.latents().posterior());
  }

  /**
   * Reads a row of the encoder's head. For a full covariance the code has the marginal means and
   * variances; for a flow, the image of the Gaussian's mean under the maps, and the Gaussian's
   * variances.
   *
   * @param head (rows, columns)
   * @param row number of the row
   * @param mean (rows, latent), receives the mean
   * @param logvar (rows, latent), receives the log variance
   * @param to number of the row that receives them
   * @return the entropy, nats; NaN if it has no closed form
   */
  double read(float[] head, int row, float[] mean, float[] logvar, int to) {
    return reader.read(head, row, mean, logvar, to);
  }

  /** Copies the Gaussian's mean and log variance; returns its entropy. */
  private double asItIs(float[] head, int row, float[] mean, float[] logvar, int to) {
    System.arraycopy(head, row * columns, mean, to * latent, latent);
    System.arraycopy(head, row * columns + latent, logvar, to * latent, latent);
    double entropy = 0;
    for (int j = 0; j < latent; j++) {
      entropy += (LOG_2_PI + 1 + Reparameterize.clamp(logvar[to * latent + j])) / 2;
    }
    return entropy;
  }

  /** A map with ones on its diagonal leaves the entropy as it is. */
  private double marginals(float[] head, int row, float[] mean, float[] logvar, int to) {
    double entropy = asItIs(head, row, mean, logvar, to);
    int at = row * columns;
    int matrix = at + columns - TriangularMap.entries(latent);
    for (int i = 0; i < latent; i++) {
      double center = head[at + i];
      double variance = Elementary.exp(Reparameterize.clamp(head[at + latent + i]));
      for (int j = 0; j < i; j++) {
        double entry = head[matrix + i * (i - 1) / 2 + j];
        center += entry * head[at + j];
        variance += entry * entry * Elementary.exp(Reparameterize.clamp(head[at + latent + j]));
      }
      mean[to * latent + i] = (float) center;
      logvar[to * latent + i] = (float) Elementary.log(variance);
    }
    return entropy;
  }

  private double throughMaps(
      int layers, float[] head, int row, float[] mean, float[] logvar, int to) {
    asItIs(head, row, mean, logvar, to);
    takeThroughMaps(layers, head, (row + 1) * columns, mean, to * latent);
    return Double.NaN;
  }

  private void takeThroughMaps(int layers, float[] parameters, int end, float[] z, int at) {
    int perLayer = PlanarFlow.parametersPerLayer(latent);
    for (int u = end - layers * perLayer; u < end; u += perLayer) {
      int w = u + latent;
      double product = 0;
      double square = 0;
      double a = parameters[u + 2 * latent];
      for (int j = 0; j < latent; j++) {
        product += (double) parameters[w + j] * parameters[u + j];
        square += (double) parameters[w + j] * parameters[w + j];
        a += (double) parameters[w + j] * z[at + j];
      }
      boolean bent = product < 0 && square >= PlanarFlow.MIN_SQUARE;
      double step = Elementary.expm1(Math.max(product, PlanarFlow.MIN_PRODUCT));
      double c = bent ? (step - product) / square : 0;
      double h = Elementary.tanh(a);
      for (int j = 0; j < latent; j++) {
        z[at + j] += (float) ((parameters[u + j] + c * parameters[w + j]) * h);
      }
    }
  }

  /** Adds log q of each sample of a stochastic layer: log N(z; 0, I) less its log ratio. */
  static void addLogDensity(LatentStage.Level level, double[] logPosterior) {
    float[] z = level.z().toFloats();
    float[] ratio = level.ratio().toFloats();
    int latent = level.z().dim(-1);
    for (int r = 0; r < logPosterior.length; r++) {
      double sum = ratio[r];
      for (int j = 0; j < latent; j++) {
        double value = z[r * latent + j];
        sum += (LOG_2_PI + value * value) / 2;
      }
      logPosterior[r] -= sum;
    }
  }
}
