// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.VaeException;

/**
 * Too many consecutive steps had a loss, a gradient or an update that was not finite, or the state
 * of a run is not finite. The message names the row and the column that did it.
 */
public final class TrainingDivergedException extends VaeException {
  private static final long serialVersionUID = 1L;

  TrainingDivergedException(String message) {
    super(message);
  }
}
