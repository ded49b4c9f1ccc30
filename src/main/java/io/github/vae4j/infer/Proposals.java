// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.numeric.Elementary;
import java.util.ArrayList;
import java.util.List;

/**
 * A mixture of diagonal Gaussians from which equal numbers of codes are drawn, as a proposal of
 * importance sampling. The weight of a code has the density of the whole mixture in its
 * denominator, whichever Gaussian it was drawn from, so that one narrow Gaussian beside the others
 * makes no large weight (Owen and Zhou 2000, "Safe and effective importance sampling", section 5).
 */
final class Proposals {
  private final int latent;
  private final List<Component> components = new ArrayList<>();

  /** A Gaussian; log scale is minus the logarithm of the product of its deviations. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Component(double[] means, double[] precisions, double logScale) {}

  Proposals(int latent) {
    this.latent = latent;
  }

  /**
   * Adds Gaussians.
   *
   * @param statistics (K, 2 Z): means, then log variances, which are clamped as in {@link
   *     Reparameterize}
   */
  void add(float[] statistics) {
    for (int from = 0; from < statistics.length; from += 2 * latent) {
      double[] means = new double[latent];
      double[] precisions = new double[latent];
      double logScale = 0;
      for (int j = 0; j < latent; j++) {
        double logvar = Reparameterize.clamp(statistics[from + latent + j]);
        means[j] = statistics[from + j];
        precisions[j] = Elementary.exp(-logvar);
        logScale -= 0.5 * (PosteriorCodes.LOG_2_PI + logvar);
      }
      components.add(new Component(means, precisions, logScale));
    }
  }

  /**
   * log N(z; 0, I) less the log density of the mixture.
   *
   * @param codes (n, Z)
   * @param at the number of the code
   */
  double logRatio(float[] codes, int at) {
    double[] logs = new double[components.size()];
    for (int k = 0; k < logs.length; k++) {
      Component component = components.get(k);
      double square = 0;
      for (int j = 0; j < latent; j++) {
        double deviation = codes[at * latent + j] - component.means[j];
        square += deviation * deviation * component.precisions[j];
      }
      logs[k] = component.logScale - square / 2;
    }
    double prior = 0;
    for (int j = 0; j < latent; j++) {
      double value = codes[at * latent + j];
      prior -= 0.5 * (PosteriorCodes.LOG_2_PI + value * value);
    }
    return prior - ChainWeights.of(logs, 0, logs.length).logMean();
  }
}
