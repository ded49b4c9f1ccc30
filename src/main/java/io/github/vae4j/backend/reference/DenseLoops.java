package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.Activation;
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
    @Nullable Floats preactivation =
        op.preactivation() == null ? null : Floats.of(op.preactivation());
    int inputs = op.inputs();
    int outputs = op.outputs();
    return () -> {
      for (int b = 0; b < op.batch(); b++) {
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
    Floats x = Floats.of(op.x());
    Floats weight = Floats.of(op.weight());
    Floats y = Floats.of(op.y());
    Floats dy = Floats.of(op.dy());
    @Nullable Floats dx = op.dx() == null ? null : Floats.of(op.dx());
    Floats dWeight = Floats.of(op.dWeight());
    Floats dBias = Floats.of(op.dBias());
    int batch = op.batch();
    int inputs = op.inputs();
    int outputs = op.outputs();
    return () -> {
      for (int at = 0; at < batch * outputs; at++) {
        dy.set(at, dy.get(at) * derivative(op.activation(), y.get(at)));
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

  private static double derivative(Activation activation, double kept) {
    return activation.needsPreactivation()
        ? activation.derivative(kept)
        : activation.derivativeFromOutput(kept);
  }
}
