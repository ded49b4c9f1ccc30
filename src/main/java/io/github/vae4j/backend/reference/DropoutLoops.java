// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Dropout;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;

/** {@link Dropout}. */
final class DropoutLoops {
  private DropoutLoops() {}

  static Runnable of(Dropout op) {
    Floats x = Floats.of(op.x());
    Floats y = Floats.of(op.y());
    Doubles control = Doubles.of(op.control());
    int rows = op.x().rows();
    int columns = op.x().dim(-1);
    // In float32, so that kept values have the same bits on all backends.
    float factor = 1 / (1 - op.rate());
    return () -> {
      long step = (long) control.get(Control.STEP);
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          double u = Philox.uniform(op.seed(), Stream.DROPOUT, step, r, c);
          int at = r * columns + c;
          y.set(at, u < op.rate() ? 0 : x.get(at) * factor);
        }
      }
    };
  }
}
