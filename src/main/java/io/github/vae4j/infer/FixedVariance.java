// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.likelihood.Composite;
import io.github.vae4j.likelihood.GaussianOptimal;
import io.github.vae4j.likelihood.GaussianShared;
import io.github.vae4j.likelihood.Likelihood;

/**
 * Replaces a likelihood whose gradient changes the model. The gradient of {@link GaussianOptimal}
 * sets the variance to the batch's optimum; {@link GaussianShared} is the same density with a fixed
 * variance.
 */
final class FixedVariance {
  private FixedVariance() {}

  static Likelihood of(Likelihood likelihood) {
    if (likelihood instanceof Composite composite) {
      return new Composite(
          composite.parts().stream()
              .map(part -> new Composite.Part(part.first(), part.last(), of(part.likelihood())))
              .toList());
    }
    return likelihood instanceof GaussianOptimal ? new GaussianShared() : likelihood;
  }
}
