// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;

/** A layer of an encoder or decoder. */
public sealed interface Layer {
  /**
   * A fully connected layer.
   *
   * @param units outputs
   * @param activation what follows the matrix product
   */
  record Dense(int units, Activation activation) implements Layer {
    /** Checks the size. {@inheritDoc} */
    public Dense {
      if (units < 1) {
        throw new IllegalArgumentException("dense layer: expected 1 unit or more, given " + units);
      }
    }
  }
}
