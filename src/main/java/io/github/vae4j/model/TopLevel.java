// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;

/**
 * A second stochastic layer above z (Burda et al. 2016): q(y|z) and p(z|y) are diagonal Gaussians
 * given by nets, p(y) is the standard normal.
 *
 * @param encoder hidden layers from z to y; may be empty
 * @param latent the dimensions of y
 * @param decoder hidden layers from y to z; may be empty
 */
public record TopLevel(List<Layer> encoder, int latent, List<Layer> decoder) {
  /** Checks sizes and copies the lists. {@inheritDoc} */
  public TopLevel {
    if (latent < 1) {
      throw new IllegalArgumentException(
          "top: expected 1 latent dimension or more, given " + latent);
    }
    encoder = List.copyOf(encoder);
    decoder = List.copyOf(decoder);
  }
}
