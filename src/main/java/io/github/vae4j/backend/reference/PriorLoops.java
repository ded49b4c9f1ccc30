// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.SampledKl;
import org.jspecify.annotations.Nullable;

/** {@link SampledKl}, {@link GaussianPrior} and {@link GaussianPriorBackward}. */
final class PriorLoops {
  private PriorLoops() {}

  static Runnable sampledKl(SampledKl op) {
    Floats logRatio = Floats.of(op.logRatio());
    Floats kl = Floats.of(op.kl());
    int batch = op.logRatio().dim(0);
    int samples = op.logRatio().dim(1);
    return () -> {
      for (int b = 0; b < batch; b++) {
        double sum = 0;
        for (int r = b * samples; r < (b + 1) * samples; r++) {
          sum += logRatio.get(r);
        }
        kl.set(b, -sum / samples);
      }
    };
  }

  static Runnable forward(GaussianPrior op) {
    Floats z = Floats.of(op.z());
    Floats components = Floats.of(op.components());
    Floats logRatio = Floats.of(op.logRatio());
    int rows = op.z().rows();
    int latent = op.z().dim(-1);
    return () -> {
      for (int r = 0; r < rows; r++) {
        logRatio.set(r, logRatio.get(r) + relative(z, r, components, r, latent));
      }
    };
  }

  static Runnable backward(GaussianPriorBackward op) {
    Floats z = Floats.of(op.forward().z());
    Floats components = Floats.of(op.forward().components());
    @Nullable Floats weight = Floats.may(op.weight());
    Floats dz = Floats.of(op.dz());
    Floats dComponents = Floats.of(op.dComponents());
    Doubles control = Doubles.of(op.control());
    int rows = op.dz().rows();
    int latent = op.dz().dim(-1);
    return () -> {
      double common = op.scale() * control.get(Control.BETA);
      for (int r = 0; r < rows; r++) {
        double g = weight == null ? common : common * weight.get(r);
        for (int j = 0; j < latent; j++) {
          int at = r * 2 * latent + j;
          double value = z.get(r * latent + j);
          double given = components.get(at + latent);
          double distance = value - components.get(at);
          double n = distance * Math.exp(-Reparameterize.clamp(given));
          dz.set(r * latent + j, dz.get(r * latent + j) + g * (n - value));
          dComponents.set(at, -g * n);
          boolean clamped = clamped(given);
          dComponents.set(at + latent, clamped ? 0 : -g * (n * distance - 1) / 2);
        }
      }
    };
  }

  /** log N(z; mu, exp(logvar)) - log N(z; 0, I), of a row of z and a row of components. */
  static double relative(Floats z, int row, Floats components, int component, int latent) {
    double sum = 0;
    for (int j = 0; j < latent; j++) {
      double value = z.get(row * latent + j);
      double distance = value - components.get(component * 2 * latent + j);
      double logvar = Reparameterize.clamp(components.get(component * 2 * latent + latent + j));
      sum += 0.5 * (value * value - logvar - distance * distance * Math.exp(-logvar));
    }
    return sum;
  }

  static boolean clamped(double logvar) {
    return logvar < Reparameterize.MIN_LOGVAR || logvar > Reparameterize.MAX_LOGVAR;
  }
}
