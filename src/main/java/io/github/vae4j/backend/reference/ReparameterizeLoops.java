package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.random.Philox;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@link Reparameterize} and {@link ReparameterizeBackward}. */
final class ReparameterizeLoops {
  private ReparameterizeLoops() {}

  static Runnable forward(Reparameterize op) {
    Floats stats = Floats.of(op.stats());
    Floats z = Floats.of(op.z());
    Floats kl = Floats.of(op.kl());
    @Nullable Floats klPerDimension =
        op.klPerDimension() == null ? null : Floats.of(op.klPerDimension());
    @Nullable Floats logRatio = op.logRatio() == null ? null : Floats.of(op.logRatio());
    Doubles control = Doubles.of(op.control().buffer());
    int latent = op.latent();
    int samples = op.samples();
    double[] perDimension = new double[latent];
    return () -> {
      long step = (long) control.get(Control.STEP);
      Arrays.fill(perDimension, 0);
      for (int b = 0; b < op.batch(); b++) {
        double rowKl = 0;
        for (int j = 0; j < latent; j++) {
          double mu = stats.get(b * 2 * latent + j);
          double logvar = Reparameterize.clamp(stats.get(b * 2 * latent + latent + j));
          double term = 0.5 * (Math.exp(logvar) + mu * mu - 1 - logvar);
          rowKl += term;
          perDimension[j] += term;
        }
        kl.set(b, rowKl);
        for (int r = b * samples; r < (b + 1) * samples; r++) {
          double ratio = 0;
          for (int j = 0; j < latent; j++) {
            double mu = stats.get(b * 2 * latent + j);
            double logvar = Reparameterize.clamp(stats.get(b * 2 * latent + latent + j));
            int noiseRow = op.rowOffset() * samples + r;
            double eps = Philox.normal(op.seed(), op.stream(), step, noiseRow, j);
            double value = mu + Math.exp(logvar / 2) * eps;
            z.set(r * latent + j, value);
            ratio += 0.5 * (eps * eps + logvar - value * value);
          }
          if (logRatio != null) {
            logRatio.set(r, ratio);
          }
        }
      }
      if (klPerDimension != null) {
        for (int j = 0; j < latent; j++) {
          klPerDimension.set(j, perDimension[j] / op.batch());
        }
      }
    };
  }

  static Runnable backward(ReparameterizeBackward op) {
    Floats stats = Floats.of(op.stats());
    Floats dz = Floats.of(op.dz());
    @Nullable Floats klPerDimension =
        op.klPerDimension() == null ? null : Floats.of(op.klPerDimension());
    Floats dStats = Floats.of(op.dStats());
    Doubles control = Doubles.of(op.control().buffer());
    int latent = op.latent();
    int samples = op.samples();
    return () -> {
      long step = (long) control.get(Control.STEP);
      double beta = control.get(Control.BETA);
      for (int b = 0; b < op.batch(); b++) {
        for (int j = 0; j < latent; j++) {
          boolean free =
              op.freeBits() > 0 && klPerDimension != null && klPerDimension.get(j) < op.freeBits();
          double g = free ? 0 : op.klScale() * beta;
          double mu = stats.get(b * 2 * latent + j);
          double given = stats.get(b * 2 * latent + latent + j);
          double logvar = Reparameterize.clamp(given);
          double dMu = g * mu;
          double dLogvar = g * (Math.exp(logvar) - 1) / 2;
          for (int r = b * samples; r < (b + 1) * samples; r++) {
            int noiseRow = op.rowOffset() * samples + r;
            double eps = Philox.normal(op.seed(), op.stream(), step, noiseRow, j);
            dMu += dz.get(r * latent + j);
            dLogvar += dz.get(r * latent + j) * eps * Math.exp(logvar / 2) / 2;
          }
          boolean clamped = given < Reparameterize.MIN_LOGVAR || given > Reparameterize.MAX_LOGVAR;
          dStats.set(b * 2 * latent + j, dMu);
          dStats.set(b * 2 * latent + latent + j, clamped ? 0 : dLogvar);
        }
      }
    };
  }
}
