// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.BatchNorm;
import io.github.vae4j.backend.op.BatchNormBackward;
import io.github.vae4j.backend.op.LayerNorm;
import io.github.vae4j.backend.op.LayerNormBackward;
import io.github.vae4j.backend.op.RunningAverage;

/** {@link BatchNorm}, {@link LayerNorm}, their gradients and {@link RunningAverage}. */
final class NormLoops {
  private NormLoops() {}

  static Runnable batch(BatchNorm op) {
    Floats x = Floats.of(op.x());
    Floats scale = Floats.of(op.scale());
    Floats shift = Floats.of(op.shift());
    Floats means = Floats.of(op.mean());
    Floats variances = Floats.of(op.variance());
    Floats y = Floats.of(op.y());
    return () -> {
      for (int c = 0; c < scale.length(); c++) {
        Line line = Line.column(op.x(), c);
        if (op.training()) {
          double mean = line.mean(x);
          means.set(c, mean);
          variances.set(c, line.variance(x, mean));
        }
        double factor = scale.get(c) / Math.sqrt(variances.get(c) + op.epsilon());
        for (int i = 0; i < line.count(); i++) {
          y.set(line.at(i), (x.get(line.at(i)) - means.get(c)) * factor + shift.get(c));
        }
      }
    };
  }

  static Runnable batchBackward(BatchNormBackward op) {
    BatchNorm forward = op.forward();
    Floats x = Floats.of(forward.x());
    Floats scale = Floats.of(forward.scale());
    Floats means = Floats.of(forward.mean());
    Floats variances = Floats.of(forward.variance());
    Floats dy = Floats.of(op.dy());
    Floats dx = Floats.may(op.dx());
    Floats dScale = Floats.of(op.dScale());
    Floats dShift = Floats.of(op.dShift());
    return () -> {
      for (int c = 0; c < scale.length(); c++) {
        Line line = Line.column(forward.x(), c);
        double s = 1 / Math.sqrt(variances.get(c) + forward.epsilon());
        double sum = 0;
        double sumOfNormal = 0;
        for (int i = 0; i < line.count(); i++) {
          int at = line.at(i);
          sum += dy.get(at);
          sumOfNormal += dy.get(at) * (x.get(at) - means.get(c)) * s;
        }
        dShift.set(c, sum);
        dScale.set(c, sumOfNormal);
        for (int i = 0; i < line.count() && dx != null; i++) {
          int at = line.at(i);
          double normal = (x.get(at) - means.get(c)) * s;
          double moments = (sum + normal * sumOfNormal) / line.count();
          dx.set(at, scale.get(c) * s * (dy.get(at) - (forward.training() ? moments : 0)));
        }
      }
    };
  }

  static Runnable layer(LayerNorm op) {
    Floats x = Floats.of(op.x());
    Floats scale = Floats.of(op.scale());
    Floats shift = Floats.of(op.shift());
    Floats means = Floats.of(op.mean());
    Floats variances = Floats.of(op.variance());
    Floats y = Floats.of(op.y());
    return () -> {
      for (int r = 0; r < means.length(); r++) {
        Line line = Line.row(op.x(), r);
        double mean = line.mean(x);
        double variance = line.variance(x, mean);
        means.set(r, mean);
        variances.set(r, variance);
        double s = 1 / Math.sqrt(variance + op.epsilon());
        for (int c = 0; c < line.count(); c++) {
          y.set(line.at(c), (x.get(line.at(c)) - mean) * s * scale.get(c) + shift.get(c));
        }
      }
    };
  }

  static Runnable layerBackward(LayerNormBackward op) {
    LayerNorm forward = op.forward();
    Floats x = Floats.of(forward.x());
    Floats scale = Floats.of(forward.scale());
    Floats means = Floats.of(forward.mean());
    Floats variances = Floats.of(forward.variance());
    Floats dy = Floats.of(op.dy());
    Floats dx = Floats.may(op.dx());
    Floats dScale = Floats.of(op.dScale());
    Floats dShift = Floats.of(op.dShift());
    int columns = scale.length();
    return () -> {
      double[] sums = new double[columns];
      double[] normalSums = new double[columns];
      for (int r = 0; r < means.length(); r++) {
        Line line = Line.row(forward.x(), r);
        double s = 1 / Math.sqrt(variances.get(r) + forward.epsilon());
        double sum = 0;
        double normalSum = 0;
        for (int c = 0; c < columns; c++) {
          double own = dy.get(line.at(c));
          double normal = (x.get(line.at(c)) - means.get(r)) * s;
          sums[c] += own;
          normalSums[c] += own * normal;
          sum += scale.get(c) * own;
          normalSum += scale.get(c) * own * normal;
        }
        for (int c = 0; c < columns && dx != null; c++) {
          double normal = (x.get(line.at(c)) - means.get(r)) * s;
          double g = scale.get(c) * dy.get(line.at(c));
          dx.set(line.at(c), s * (g - (sum + normal * normalSum) / columns));
        }
      }
      for (int c = 0; c < columns; c++) {
        dShift.set(c, sums[c]);
        dScale.set(c, normalSums[c]);
      }
    };
  }

  static Runnable runningAverage(RunningAverage op) {
    Floats value = Floats.of(op.value());
    Floats average = Floats.of(op.average());
    Doubles status = Doubles.of(op.status());
    return () -> {
      if (status.get(0) == 0) {
        return;
      }
      for (int i = 0; i < average.length(); i++) {
        double fresh = (double) op.momentum() * op.factor() * value.get(i);
        average.set(i, (1 - (double) op.momentum()) * average.get(i) + fresh);
      }
    };
  }
}
