// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;

/** {@link TotalCorrelation} and {@link TotalCorrelationBackward}. */
final class TotalCorrelationLoops {
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  private final Floats stats;
  private final Floats z;
  private final int batch;
  private final int samples;
  private final int latent;
  private final double logOwn;
  private final double logOther;

  private TotalCorrelationLoops(TotalCorrelation op) {
    stats = Floats.of(op.stats());
    z = Floats.of(op.z());
    batch = op.z().dim(0);
    samples = op.z().dim(1);
    latent = op.z().dim(2);
    logOwn = op.logOwn();
    logOther = op.logOther();
  }

  static Runnable forward(TotalCorrelation op) {
    TotalCorrelationLoops loops = new TotalCorrelationLoops(op);
    Floats dz = Floats.of(op.dz());
    Floats joint = Floats.of(op.joint());
    Floats marginal = Floats.of(op.marginal());
    Floats penalty = Floats.of(op.penalty());
    return () -> loops.forward(dz, joint, marginal, penalty, op.scale());
  }

  static Runnable backward(TotalCorrelationBackward op) {
    TotalCorrelation forward = op.forward();
    TotalCorrelationLoops loops = new TotalCorrelationLoops(forward);
    Floats joint = Floats.of(forward.joint());
    Floats marginal = Floats.of(forward.marginal());
    Floats dStats = Floats.of(op.dStats());
    return () -> loops.backward(joint, marginal, dStats, forward.scale());
  }

  private void forward(Floats dz, Floats joint, Floats marginal, Floats penalty, double scale) {
    double[] terms = new double[batch];
    double[] share = new double[batch];
    double sum = 0;
    int rows = batch * samples;
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < batch; j++) {
        terms[j] = logWeight(r, j) + logDensity(r, j);
      }
      double logJoint = LogSumExp.of(terms);
      for (int j = 0; j < batch; j++) {
        share[j] = Math.exp(terms[j] - logJoint);
      }
      joint.set(r, logJoint);
      sum += logJoint;
      for (int d = 0; d < latent; d++) {
        for (int j = 0; j < batch; j++) {
          terms[j] = logWeight(r, j) + logDensity(r, j, d);
        }
        double logMarginal = LogSumExp.of(terms);
        marginal.set(r * latent + d, logMarginal);
        sum -= logMarginal;
        double slope = 0;
        for (int j = 0; j < batch; j++) {
          double excess = share[j] - Math.exp(terms[j] - logMarginal);
          slope -= excess * distance(r, j, d) * Math.exp(-logvar(j, d));
        }
        dz.set(r * latent + d, dz.get(r * latent + d) + scale / rows * slope);
      }
    }
    penalty.set(0, scale / rows * sum);
  }

  private void backward(Floats joint, Floats marginal, Floats dStats, double scale) {
    int rows = batch * samples;
    double[] share = new double[rows];
    for (int j = 0; j < batch; j++) {
      for (int r = 0; r < rows; r++) {
        share[r] = Math.exp(logWeight(r, j) + logDensity(r, j) - joint.get(r));
      }
      for (int d = 0; d < latent; d++) {
        double dMu = 0;
        double dLogvar = 0;
        double precision = Math.exp(-logvar(j, d));
        for (int r = 0; r < rows; r++) {
          double logMarginal = marginal.get(r * latent + d);
          double excess = share[r] - Math.exp(logWeight(r, j) + logDensity(r, j, d) - logMarginal);
          double distance = distance(r, j, d);
          dMu += excess * distance * precision;
          dLogvar += excess * (distance * distance * precision - 1) / 2;
        }
        int at = j * 2 * latent + d;
        double given = stats.get(at + latent);
        boolean clamped = PriorLoops.clamped(given);
        dStats.set(at, dStats.get(at) + scale / rows * dMu);
        if (!clamped) {
          dStats.set(at + latent, dStats.get(at + latent) + scale / rows * dLogvar);
        }
      }
    }
  }

  private double logWeight(int r, int j) {
    return r / samples == j ? logOwn : logOther;
  }

  /** log q(z_r | x_j). */
  private double logDensity(int r, int j) {
    double sum = 0;
    for (int d = 0; d < latent; d++) {
      sum += logDensity(r, j, d);
    }
    return sum;
  }

  private double logDensity(int r, int j, int d) {
    double distance = distance(r, j, d);
    double logvar = logvar(j, d);
    return -0.5 * (LOG_2_PI + logvar + distance * distance * Math.exp(-logvar));
  }

  private double distance(int r, int j, int d) {
    return z.get(r * latent + d) - stats.get(j * 2 * latent + d);
  }

  private double logvar(int j, int d) {
    return Reparameterize.clamp(stats.get(j * 2 * latent + latent + d));
  }
}
