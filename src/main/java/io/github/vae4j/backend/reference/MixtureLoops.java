// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.Reparameterize;
import org.jspecify.annotations.Nullable;

/** {@link MixturePrior} and {@link MixturePriorBackward}. */
final class MixtureLoops {
  private MixtureLoops() {}

  static Runnable forward(MixturePrior op) {
    Floats z = Floats.of(op.z());
    Floats components = Floats.of(op.components());
    @Nullable Floats logits = Floats.may(op.logits());
    Floats responsibilities = Floats.of(op.responsibilities());
    Floats logRatio = Floats.of(op.logRatio());
    int rows = op.z().rows();
    int latent = op.z().dim(-1);
    int count = op.components().dim(0);
    double[] parts = new double[count];
    return () -> {
      double[] logWeights = logWeights(logits, count);
      for (int r = 0; r < rows; r++) {
        for (int k = 0; k < count; k++) {
          parts[k] = logWeights[k] + PriorLoops.relative(z, r, components, k, latent);
        }
        double total = LogSumExp.of(parts);
        for (int k = 0; k < count; k++) {
          responsibilities.set(r * count + k, Math.exp(parts[k] - total));
        }
        logRatio.set(r, logRatio.get(r) + total);
      }
    };
  }

  static Runnable backward(MixturePriorBackward op) {
    Floats z = Floats.of(op.forward().z());
    Floats components = Floats.of(op.forward().components());
    @Nullable Floats logits = Floats.may(op.forward().logits());
    Floats responsibilities = Floats.of(op.forward().responsibilities());
    @Nullable Floats weight = Floats.may(op.weight());
    Floats dz = Floats.of(op.dz());
    Floats dComponents = Floats.of(op.dComponents());
    @Nullable Floats dLogits = Floats.may(op.dLogits());
    Doubles control = Doubles.of(op.control());
    int rows = op.dz().rows();
    int latent = op.dz().dim(-1);
    int count = op.dComponents().dim(0);
    double[] g = new double[rows];
    return () -> {
      double common = op.scale() * control.get(Control.BETA);
      for (int r = 0; r < rows; r++) {
        g[r] = weight == null ? common : common * weight.get(r);
        for (int j = 0; j < latent; j++) {
          double value = z.get(r * latent + j);
          double sum = 0;
          for (int k = 0; k < count; k++) {
            double mu = components.get(k * 2 * latent + j);
            double given = components.get(k * 2 * latent + latent + j);
            double n = (value - mu) * Math.exp(-Reparameterize.clamp(given));
            sum += responsibilities.get(r * count + k) * n;
          }
          dz.set(r * latent + j, dz.get(r * latent + j) + g[r] * (sum - value));
        }
      }
      for (int k = 0; k < count; k++) {
        for (int j = 0; j < latent; j++) {
          int at = k * 2 * latent + j;
          double given = components.get(at + latent);
          double precision = Math.exp(-Reparameterize.clamp(given));
          double dMean = 0;
          double dLogvar = 0;
          for (int r = 0; r < rows; r++) {
            double distance = z.get(r * latent + j) - components.get(at);
            double part = g[r] * responsibilities.get(r * count + k);
            dMean -= part * distance * precision;
            dLogvar -= part * (distance * distance * precision - 1) / 2;
          }
          dComponents.set(at, dMean);
          dComponents.set(at + latent, PriorLoops.clamped(given) ? 0 : dLogvar);
        }
      }
      if (dLogits != null) {
        double[] logWeights = logWeights(logits, count);
        for (int k = 0; k < count; k++) {
          double sum = 0;
          for (int r = 0; r < rows; r++) {
            sum -= g[r] * (responsibilities.get(r * count + k) - Math.exp(logWeights[k]));
          }
          dLogits.set(k, sum);
        }
      }
    };
  }

  /** log softmax(logits), or the logarithms of equal weights. */
  private static double[] logWeights(@Nullable Floats logits, int count) {
    double[] weights = new double[count];
    if (logits != null) {
      for (int k = 0; k < count; k++) {
        weights[k] = logits.get(k);
      }
    }
    double total = LogSumExp.of(weights);
    for (int k = 0; k < count; k++) {
      weights[k] -= total;
    }
    return weights;
  }
}
