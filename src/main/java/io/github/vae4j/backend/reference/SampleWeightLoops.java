// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.SampleWeights;
import org.jspecify.annotations.Nullable;

/** {@link SampleWeights}. */
final class SampleWeightLoops {
  private SampleWeightLoops() {}

  static Runnable of(SampleWeights op) {
    Floats nll = Floats.of(op.nll());
    Floats logRatio = Floats.of(op.logRatio());
    @Nullable Floats rowWeight = Floats.may(op.rowWeight());
    Floats weight = Floats.of(op.weight());
    Floats bound = Floats.of(op.bound());
    Doubles control = Doubles.of(op.control());
    int batch = op.nll().dim(0);
    int samples = op.nll().dim(1);
    int k = samples / op.groups();
    double order = 1 - op.alpha();
    double factor = order == 0 ? 1 : order;
    double[] logWeight = new double[k];
    return () -> {
      double beta = control.get(Control.BETA);
      for (int b = 0; b < batch; b++) {
        double own = rowWeight == null ? 1 : rowWeight.get(b);
        double sum = 0;
        for (int first = b * samples; first < (b + 1) * samples; first += k) {
          for (int i = 0; i < k; i++) {
            logWeight[i] = factor * (beta * logRatio.get(first + i) - nll.get(first + i));
          }
          double log = order == 0 ? Double.NaN : LogSumExp.of(logWeight);
          for (int i = 0; i < k; i++) {
            double softmax = order == 0 ? 1 : k * Math.exp(logWeight[i] - log);
            weight.set(first + i, own * softmax);
          }
          sum += order == 0 ? mean(logWeight) : (log - Math.log(k)) / order;
        }
        bound.set(b, sum / op.groups());
      }
    };
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
