// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Dense;
import io.github.vae4j.backend.op.DenseBackward;
import org.jspecify.annotations.Nullable;

/** {@link Dense} and {@link DenseBackward}. */
final class DenseLoops {
  private DenseLoops() {}

  static Runnable forward(Dense op) {
    Floats x = Floats.of(op.x());
    Floats weight = Floats.of(op.weight());
    Floats bias = Floats.of(op.bias());
    Floats y = Floats.of(op.y());
    @Nullable Floats preactivation = Floats.may(op.preactivation());
    int batch = op.x().rows();
    int inputs = op.weight().dim(0);
    int outputs = op.weight().dim(1);
    return () -> {
      for (int b = 0; b < batch; b++) {
        for (int o = 0; o < outputs; o++) {
          double v = bias.get(o);
          for (int i = 0; i < inputs; i++) {
            v += x.get(b * inputs + i) * weight.get(i * outputs + o);
          }
          if (preactivation != null) {
            preactivation.set(b * outputs + o, v);
          }
          y.set(b * outputs + o, op.activation().apply(v));
        }
      }
    };
  }

  static Runnable backward(DenseBackward op) {
    Dense forward = op.forward();
    Floats x = Floats.of(forward.x());
    Floats weight = Floats.of(forward.weight());
    Floats kept = Floats.of(forward.kept());
    Floats dy = Floats.of(op.dy());
    @Nullable Floats dx = Floats.may(op.dx());
    Floats dWeight = Floats.of(op.dWeight());
    Floats dBias = Floats.of(op.dBias());
    int batch = forward.x().rows();
    int inputs = forward.weight().dim(0);
    int outputs = forward.weight().dim(1);
    return () -> {
      for (int at = 0; at < batch * outputs; at++) {
        dy.set(at, dy.get(at) * forward.activation().derivativeFromKept(kept.get(at)));
      }
      for (int o = 0; o < outputs; o++) {
        double sum = 0;
        for (int b = 0; b < batch; b++) {
          sum += dy.get(b * outputs + o);
        }
        dBias.set(o, sum);
      }
      for (int i = 0; i < inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          double sum = 0;
          for (int b = 0; b < batch; b++) {
            sum += x.get(b * inputs + i) * dy.get(b * outputs + o);
          }
          dWeight.set(i * outputs + o, sum);
        }
      }
      if (dx == null) {
        return;
      }
      for (int b = 0; b < batch; b++) {
        for (int i = 0; i < inputs; i++) {
          double sum = 0;
          for (int o = 0; o < outputs; o++) {
            sum += dy.get(b * outputs + o) * weight.get(i * outputs + o);
          }
          dx.set(b * inputs + i, sum);
        }
      }
    };
  }
}
