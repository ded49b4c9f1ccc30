// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Activate;
import io.github.vae4j.backend.op.ActivateBackward;

/** {@link Activate} and {@link ActivateBackward}. */
final class ActivateLoops {
  private ActivateLoops() {}

  static Runnable forward(Activate op) {
    Floats x = Floats.of(op.x());
    Floats y = Floats.of(op.y());
    return () -> {
      for (int i = 0; i < y.length(); i++) {
        y.set(i, op.activation().apply(x.get(i)));
      }
    };
  }

  static Runnable backward(ActivateBackward op) {
    Floats kept = Floats.of(op.forward().kept());
    Floats dy = Floats.of(op.dy());
    Floats dx = Floats.of(op.dx());
    return () -> {
      for (int i = 0; i < dx.length(); i++) {
        double slope = op.forward().activation().derivativeFromKept(kept.get(i));
        dx.set(i, dy.get(i) * slope);
      }
    };
  }
}
