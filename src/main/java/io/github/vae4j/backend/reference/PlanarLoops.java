// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.PlanarFlow;
import io.github.vae4j.backend.op.PlanarFlowBackward;
import org.jspecify.annotations.Nullable;

/** {@link PlanarFlow} and {@link PlanarFlowBackward}. */
final class PlanarLoops {
  private PlanarLoops() {}

  /** One map of one row: its parameters and the values that are functions of them. */
  private static final class Map {
    final double[] u;
    final double[] w;
    final double[] v;
    final double b;

    /** 1 + w.v, and its derivative with respect to w.u. */
    final double p;

    final double slope;

    /** |w|^2; infinite if it is so small that v is u. */
    final double square;

    /** v = u + c w. */
    final double c;

    final boolean bent;

    Map(Floats parameters, int at, int latent) {
      u = new double[latent];
      w = new double[latent];
      v = new double[latent];
      double product = 0;
      double sum = 0;
      for (int j = 0; j < latent; j++) {
        u[j] = parameters.get(at + j);
        w[j] = parameters.get(at + latent + j);
        product += w[j] * u[j];
        sum += w[j] * w[j];
      }
      b = parameters.get(at + 2 * latent);
      square = sum < PlanarFlow.MIN_SQUARE ? Double.POSITIVE_INFINITY : sum;
      bent = product < 0;
      p = bent ? Math.exp(Math.max(product, PlanarFlow.MIN_PRODUCT)) : 1 + product;
      slope = !bent ? 1 : product < PlanarFlow.MIN_PRODUCT ? 0 : p;
      c = bent ? (p - 1 - product) / square : 0;
      for (int j = 0; j < latent; j++) {
        v[j] = u[j] + c * w[j];
      }
    }

    double determinant(double h) {
      return h * h + (1 - h * h) * p;
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static void read(Floats from, int row, double[] values) {
    for (int j = 0; j < values.length; j++) {
      values[j] = from.get(row * values.length + j);
    }
  }

  /** The index of a map's first parameter. */
  private static int place(int width, int layers, int row, int layer, int latent) {
    return (row + 1) * width - (layers - layer) * PlanarFlow.parametersPerLayer(latent);
  }

  static Runnable forward(PlanarFlow op) {
    Floats parameters = Floats.of(op.parameters());
    Floats z0 = Floats.of(op.z0());
    Floats z = Floats.of(op.z());
    Floats tanh = Floats.of(op.tanh());
    Floats logRatio = Floats.of(op.logRatio());
    int rows = op.z().rows();
    int samples = op.z().dim(1);
    int latent = op.z().dim(2);
    int layers = op.tanh().dim(2);
    int width = op.parameters().dim(1);
    double[] y = new double[latent];
    return () -> {
      for (int r = 0; r < rows; r++) {
        read(z0, r, y);
        double ratio = logRatio.get(r) + dot(y, y) / 2;
        for (int t = 0; t < layers; t++) {
          int at = place(width, layers, r / samples, t, latent);
          Map map = new Map(parameters, at, latent);
          double h = Math.tanh(dot(map.w, y) + map.b);
          tanh.set(r * layers + t, h);
          ratio += Math.log(map.determinant(h));
          for (int j = 0; j < latent; j++) {
            y[j] += map.v[j] * h;
          }
        }
        for (int j = 0; j < latent; j++) {
          z.set(r * latent + j, y[j]);
        }
        logRatio.set(r, ratio - dot(y, y) / 2);
      }
    };
  }

  static Runnable backward(PlanarFlowBackward op) {
    PlanarFlow forward = op.forward();
    Floats parameters = Floats.of(forward.parameters());
    Floats z = Floats.of(forward.z());
    Floats tanh = Floats.of(forward.tanh());
    @Nullable Floats weight = Floats.may(op.weight());
    Floats dz = Floats.of(op.dz());
    Floats dParameters = Floats.of(op.dParameters());
    Doubles control = Doubles.of(op.control());
    int batch = op.dz().dim(0);
    int samples = op.dz().dim(1);
    int latent = op.dz().dim(2);
    int layers = forward.tanh().dim(2);
    int width = op.dParameters().dim(1);
    int perLayer = PlanarFlow.parametersPerLayer(latent);
    double[] y = new double[latent];
    double[] gradient = new double[latent];
    return () -> {
      double common = op.scale() * control.get(Control.BETA);
      for (int row = 0; row < batch; row++) {
        int first = place(width, layers, row, 0, latent);
        double[] sums = new double[layers * perLayer];
        for (int r = row * samples; r < (row + 1) * samples; r++) {
          double g = weight == null ? common : common * weight.get(r);
          read(z, r, y);
          read(dz, r, gradient);
          for (int j = 0; j < latent; j++) {
            gradient[j] += g * y[j];
          }
          for (int t = layers - 1; t >= 0; t--) {
            Map map = new Map(parameters, first + t * perLayer, latent);
            backward(map, tanh.get(r * layers + t), -g, y, gradient, sums, t * perLayer);
          }
          for (int j = 0; j < latent; j++) {
            dz.set(r * latent + j, gradient[j] - g * y[j]);
          }
        }
        for (int i = 0; i < sums.length; i++) {
          dParameters.set(first + i, sums[i]);
        }
      }
    };
  }

  /** Computes y and its gradient from the result of a map; d is the gradient of log det. */
  private static void backward(
      Map map, double h, double d, double[] y, double[] gradient, double[] sums, int at) {
    int latent = y.length;
    for (int j = 0; j < latent; j++) {
      y[j] -= map.v[j] * h;
    }
    double flat = 1 - h * h;
    double det = map.determinant(h);
    double da = flat * (dot(map.v, gradient) + 2 * h * d * (1 - map.p) / det);
    double dc = map.bent ? h * dot(map.w, gradient) / map.square : 0;
    double ds = d * flat / det * map.slope + dc * (map.slope - 1);
    for (int j = 0; j < latent; j++) {
      sums[at + j] += h * gradient[j] + ds * map.w[j];
      sums[at + latent + j] +=
          da * y[j] + map.c * h * gradient[j] + ds * map.u[j] - 2 * map.c * dc * map.w[j];
      gradient[j] += da * map.w[j];
    }
    sums[at + 2 * latent] += da;
  }
}
