// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.Estimator;
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
    @Nullable Floats klPerDimension = Floats.may(op.klPerDimension());
    @Nullable Floats logRatio = Floats.may(op.logRatio());
    Doubles control = Doubles.of(op.control());
    int batch = op.z().dim(0);
    int samples = op.z().dim(1);
    int latent = op.z().dim(2);
    double[] perDimension = new double[latent];
    return () -> {
      long step = (long) control.get(Control.STEP);
      Arrays.fill(perDimension, 0);
      for (int b = 0; b < batch; b++) {
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
          klPerDimension.set(j, perDimension[j] / batch);
        }
      }
    };
  }

  static Runnable backward(ReparameterizeBackward op) {
    return new Backward(op);
  }

  /** The gradient, one dimension of one row at a time. */
  private static final class Backward implements Runnable {
    private final ReparameterizeBackward op;
    private final Reparameterize forward;
    private final int batch;
    private final int samples;
    private final int latent;
    private final Floats stats;
    private final Floats dz;
    private final @Nullable Floats klPerDimension;
    private final @Nullable Floats weight;
    private final Floats dStats;
    private final Doubles control;

    Backward(ReparameterizeBackward op) {
      this.op = op;
      forward = op.forward();
      batch = op.dz().dim(0);
      samples = op.dz().dim(1);
      latent = op.dz().dim(2);
      stats = Floats.of(forward.stats());
      dz = Floats.of(op.dz());
      klPerDimension = Floats.may(forward.klPerDimension());
      weight = Floats.may(op.weight());
      dStats = Floats.of(op.dStats());
      control = Doubles.of(forward.control());
    }

    @Override
    public void run() {
      for (int b = 0; b < batch; b++) {
        for (int j = 0; j < latent; j++) {
          int at = b * 2 * latent + j;
          double given = stats.get(at + latent);
          boolean clamped = PriorLoops.clamped(given);
          double logvar = Reparameterize.clamp(given);
          double sigma = Math.exp(logvar / 2);
          double mu = stats.get(at);
          double dMu = 0;
          double dLogvar = 0;
          for (int r = b * samples; r < (b + 1) * samples; r++) {
            double eps = eps(r, j);
            double slope = slope(r, j, mu + sigma * eps, eps / sigma);
            dMu += slope;
            dLogvar += slope * eps * sigma / 2;
            if (op.estimator() == Estimator.SAMPLED) {
              dLogvar -= scale() * weight(r) / samples / 2;
            }
          }
          if (op.estimator() == Estimator.ANALYTIC) {
            double h = scale() * meanWeight(b) * slopeOfKl(j);
            dMu += h * mu;
            dLogvar += h * (Math.exp(logvar) - 1) / 2;
          }
          dStats.set(at, dMu);
          dStats.set(at + latent, clamped ? 0 : dLogvar);
        }
      }
    }

    /** The derivative of the loss with respect to one coordinate of a sample. */
    private double slope(int r, int j, double z, double score) {
      double own = dz.get(r * latent + j);
      double share = scale() * weight(r) / samples;
      return switch (op.estimator()) {
        case ANALYTIC -> own;
        case SAMPLED -> own + share * z;
        case DOUBLY_REPARAMETERIZED ->
            weight(r) * op.groups() / samples * (own + share * (z - score));
      };
    }

    /** The factor of a dimension's KL by free bits and capacity. */
    private double slopeOfKl(int j) {
      if (klPerDimension == null) {
        return 1;
      }
      if (op.capacity()) {
        double kl = 0;
        for (int i = 0; i < latent; i++) {
          kl += klPerDimension.get(i);
        }
        return Math.signum(kl - control.get(Control.CAPACITY));
      }
      return op.freeBits() > 0 && klPerDimension.get(j) < op.freeBits() ? 0 : 1;
    }

    private double eps(int r, int j) {
      long step = (long) control.get(Control.STEP);
      int noiseRow = forward.rowOffset() * samples + r;
      return Philox.normal(forward.seed(), forward.stream(), step, noiseRow, j);
    }

    private double scale() {
      return op.klScale() * control.get(Control.BETA);
    }

    private double weight(int r) {
      return weight == null ? 1 : weight.get(r);
    }

    private double meanWeight(int b) {
      double sum = 0;
      for (int r = b * samples; r < (b + 1) * samples; r++) {
        sum += weight(r);
      }
      return sum / samples;
    }
  }
}
