// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.data.DataSet;

/**
 * The terms of a row.
 *
 * @param reconstruction mean of log p(x|z)
 * @param kl analytic, or estimated if there is no closed form
 * @param logRatio mean of log p(z) - log q(z|x)
 * @param logPosterior mean of log q(z|x)
 * @param head the encoder's output for its batch
 * @param number of the row in its batch
 */
@SuppressWarnings("ArrayRecordComponent")
record RowTerms(
    double reconstruction,
    double kl,
    double logRatio,
    double logPosterior,
    float[] head,
    int number) {
  double elbo() {
    return reconstruction - kl;
  }

  void requireFinite(DataSet data, int index) {
    NotFinite.refuse("the ELBO", elbo(), data, index);
    NotFinite.refuse("the log density of the samples", logRatio + logPosterior, data, index);
  }
}
