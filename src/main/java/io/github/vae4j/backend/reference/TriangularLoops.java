// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.TriangularMap;
import io.github.vae4j.backend.op.TriangularMapBackward;
import org.jspecify.annotations.Nullable;

/** {@link TriangularMap} and {@link TriangularMapBackward}. */
final class TriangularLoops {
  private TriangularLoops() {}

  /** The index of a row's A_ij. */
  private static int place(int width, int latent, int row, int i, int j) {
    return (row + 1) * width - TriangularMap.entries(latent) + i * (i - 1) / 2 + j;
  }

  static Runnable forward(TriangularMap op) {
    Floats parameters = Floats.of(op.parameters());
    Floats z0 = Floats.of(op.z0());
    Floats z = Floats.of(op.z());
    Floats logRatio = Floats.of(op.logRatio());
    int rows = op.z().rows();
    int samples = op.z().dim(1);
    int latent = op.z().dim(2);
    int width = op.parameters().dim(1);
    return () -> {
      for (int r = 0; r < rows; r++) {
        double ratio = logRatio.get(r);
        for (int i = 0; i < latent; i++) {
          double before = z0.get(r * latent + i);
          double after = before;
          for (int j = 0; j < i; j++) {
            double a = parameters.get(place(width, latent, r / samples, i, j));
            after += a * z0.get(r * latent + j);
          }
          z.set(r * latent + i, after);
          ratio += (before * before - after * after) / 2;
        }
        logRatio.set(r, ratio);
      }
    };
  }

  static Runnable backward(TriangularMapBackward op) {
    Floats parameters = Floats.of(op.forward().parameters());
    Floats z0 = Floats.of(op.forward().z0());
    Floats z = Floats.of(op.forward().z());
    @Nullable Floats weight = Floats.may(op.weight());
    Floats dz = Floats.of(op.dz());
    Floats dParameters = Floats.of(op.dParameters());
    Doubles control = Doubles.of(op.control());
    int batch = op.dz().dim(0);
    int samples = op.dz().dim(1);
    int latent = op.dz().dim(2);
    int width = op.dParameters().dim(1);
    double[] gradient = new double[latent];
    return () -> {
      double common = op.scale() * control.get(Control.BETA);
      for (int b = 0; b < batch; b++) {
        double[][] sums = new double[latent][latent];
        for (int r = b * samples; r < (b + 1) * samples; r++) {
          double g = weight == null ? common : common * weight.get(r);
          for (int i = 0; i < latent; i++) {
            gradient[i] = dz.get(r * latent + i) + g * z.get(r * latent + i);
          }
          for (int j = 0; j < latent; j++) {
            double sum = gradient[j] - g * z0.get(r * latent + j);
            for (int i = j + 1; i < latent; i++) {
              sum += parameters.get(place(width, latent, b, i, j)) * gradient[i];
              sums[i][j] += gradient[i] * z0.get(r * latent + j);
            }
            dz.set(r * latent + j, sum);
          }
        }
        for (int i = 0; i < latent; i++) {
          for (int j = 0; j < i; j++) {
            dParameters.set(place(width, latent, b, i, j), sums[i][j]);
          }
        }
      }
    };
  }
}
