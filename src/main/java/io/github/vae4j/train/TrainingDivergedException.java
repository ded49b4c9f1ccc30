// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.VaeException;

/** Too many consecutive steps had a loss or gradient that was not finite. */
public final class TrainingDivergedException extends VaeException {
  private static final long serialVersionUID = 1L;

  TrainingDivergedException(long step, int inARow) {
    super(
        "training stopped at step "
            + step
            + ": loss or gradient was not finite in the last "
            + inARow
            + " steps, which were skipped; the last checkpoint is kept. Lower the learning rate,"
            + " clip the gradient norm, or check the scale of the data");
  }
}
