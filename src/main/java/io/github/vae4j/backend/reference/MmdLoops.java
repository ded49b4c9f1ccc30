// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import java.util.Arrays;

/** {@link MmdPenalty}. */
final class MmdLoops implements Runnable {
  private final MmdPenalty op;
  private final Floats z;
  private final Floats dz;
  private final Floats penalty;
  private final Doubles control;
  private final int rows;
  private final int latent;
  private final double[] codes;
  private final double[] prior;

  MmdLoops(MmdPenalty op) {
    this.op = op;
    z = Floats.of(op.z());
    dz = Floats.of(op.dz());
    penalty = Floats.of(op.penalty());
    control = Doubles.of(op.control());
    rows = op.z().rows();
    latent = op.z().dim(-1);
    codes = new double[rows * latent];
    prior = new double[rows * latent];
  }

  @Override
  public void run() {
    long step = (long) control.get(Control.STEP);
    for (int i = 0; i < rows; i++) {
      for (int d = 0; d < latent; d++) {
        codes[i * latent + d] = z.get(i * latent + d);
        prior[i * latent + d] = Philox.normal(op.seed(), Stream.MMD, step, i, d);
      }
    }
    double pairs = (double) rows * rows;
    double sum = 0;
    double[] slope = new double[latent];
    for (int i = 0; i < rows; i++) {
      Arrays.fill(slope, 0);
      for (int j = 0; j < rows; j++) {
        double toCode = kernel(codes, i, codes, j);
        double toPrior = kernel(codes, i, prior, j);
        sum += toCode + kernel(prior, i, prior, j) - 2 * toPrior;
        for (int d = 0; d < latent; d++) {
          double own = codes[i * latent + d];
          slope[d] +=
              toCode * toCode * (own - codes[j * latent + d])
                  - toPrior * toPrior * (own - prior[j * latent + d]);
        }
      }
      double factor = -4 * op.scale() / (MmdPenalty.kernelScale(latent) * pairs);
      for (int d = 0; d < latent; d++) {
        dz.set(i * latent + d, dz.get(i * latent + d) + factor * slope[d]);
      }
    }
    penalty.set(0, op.scale() * sum / pairs);
  }

  private double kernel(double[] x, int i, double[] y, int j) {
    double squares = 0;
    for (int d = 0; d < latent; d++) {
      double distance = x[i * latent + d] - y[j * latent + d];
      squares += distance * distance;
    }
    double scale = MmdPenalty.kernelScale(latent);
    return scale / (scale + squares);
  }
}
