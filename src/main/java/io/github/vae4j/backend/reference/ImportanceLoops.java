// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.ImportanceWeights;

/** {@link ImportanceWeights}. */
final class ImportanceLoops {
  private ImportanceLoops() {}

  static Runnable of(ImportanceWeights op) {
    Floats nll = Floats.of(op.nll());
    Floats logRatio = Floats.of(op.logRatio());
    Doubles state = Doubles.of(op.state());
    int batch = op.nll().dim(0);
    int samples = op.nll().dim(1);
    return () -> {
      for (int b = 0; b < batch; b++) {
        double max = state.get(3 * b);
        double sum = state.get(3 * b + 1);
        double squares = state.get(3 * b + 2);
        for (int r = b * samples; r < (b + 1) * samples; r++) {
          double logWeight = logRatio.get(r) - nll.get(r);
          if (logWeight == Double.NEGATIVE_INFINITY) {
            continue;
          }
          double newMax = Math.max(max, logWeight);
          sum = sum * Math.exp(max - newMax) + Math.exp(logWeight - newMax);
          squares = squares * Math.exp(2 * (max - newMax)) + Math.exp(2 * (logWeight - newMax));
          max = newMax;
        }
        state.set(3 * b, max);
        state.set(3 * b + 1, sum);
        state.set(3 * b + 2, squares);
      }
    };
  }
}
