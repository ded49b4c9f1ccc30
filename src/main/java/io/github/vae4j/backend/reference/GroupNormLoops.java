// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.GroupNorm;
import io.github.vae4j.backend.op.GroupNormBackward;
import org.jspecify.annotations.Nullable;

/** {@link GroupNorm} and {@link GroupNormBackward}. */
final class GroupNormLoops {
  private GroupNormLoops() {}

  static Runnable forward(GroupNorm op) {
    Floats x = Floats.of(op.x());
    Floats scale = Floats.of(op.scale());
    Floats shift = Floats.of(op.shift());
    Floats means = Floats.of(op.mean());
    Floats variances = Floats.of(op.variance());
    Floats y = Floats.of(op.y());
    int groups = op.mean().dim(1);
    int width = scale.length() / groups;
    return () -> {
      for (int m = 0; m < means.length(); m++) {
        int group = m % groups;
        Line line = Line.group(op.x(), m / groups, group, width);
        double mean = line.mean(x);
        double variance = line.variance(x, mean);
        means.set(m, mean);
        variances.set(m, variance);
        double s = 1 / Math.sqrt(variance + op.epsilon());
        for (int i = 0; i < line.count(); i++) {
          int c = group * width + i % width;
          y.set(line.at(i), (x.get(line.at(i)) - mean) * s * scale.get(c) + shift.get(c));
        }
      }
    };
  }

  static Runnable backward(GroupNormBackward op) {
    GroupNorm forward = op.forward();
    Floats x = Floats.of(forward.x());
    Floats scale = Floats.of(forward.scale());
    Floats means = Floats.of(forward.mean());
    Floats variances = Floats.of(forward.variance());
    Floats dy = Floats.of(op.dy());
    @Nullable Floats dx = Floats.may(op.dx());
    Floats dScale = Floats.of(op.dScale());
    Floats dShift = Floats.of(op.dShift());
    int groups = forward.mean().dim(1);
    int width = scale.length() / groups;
    return () -> {
      double[] sums = new double[scale.length()];
      double[] normalSums = new double[scale.length()];
      for (int m = 0; m < means.length(); m++) {
        int group = m % groups;
        Line line = Line.group(forward.x(), m / groups, group, width);
        double s = 1 / Math.sqrt(variances.get(m) + forward.epsilon());
        double sum = 0;
        double normalSum = 0;
        for (int i = 0; i < line.count(); i++) {
          int c = group * width + i % width;
          double own = dy.get(line.at(i));
          double normal = (x.get(line.at(i)) - means.get(m)) * s;
          sums[c] += own;
          normalSums[c] += own * normal;
          sum += scale.get(c) * own;
          normalSum += scale.get(c) * own * normal;
        }
        for (int i = 0; i < line.count() && dx != null; i++) {
          double normal = (x.get(line.at(i)) - means.get(m)) * s;
          double t = scale.get(group * width + i % width) * dy.get(line.at(i));
          dx.set(line.at(i), s * (t - (sum + normal * normalSum) / line.count()));
        }
      }
      for (int c = 0; c < scale.length(); c++) {
        dShift.set(c, sums[c]);
        dScale.set(c, normalSums[c]);
      }
    };
  }
}
