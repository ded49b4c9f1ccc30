// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Add;
import io.github.vae4j.backend.op.GaussianPrior;
import io.github.vae4j.backend.op.GaussianPriorBackward;
import io.github.vae4j.backend.op.MixturePrior;
import io.github.vae4j.backend.op.MixturePriorBackward;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.SampledKl;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cases of {@link MixturePrior}, {@link GaussianPrior}, their gradients, {@link SampledKl} and
 * {@link Add}.
 */
final class PriorCases {
  private PriorCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int[][] shapes = {{1, 1, 1}, {3, 33, 2}, {5, 7, 5}, {4, 2, 70}, {128, 20, 10}, {17, 65, 40}};
    for (int[] shape : shapes) {
      for (boolean extras : new boolean[] {true, false}) {
        cases.add(mixture(shape[0], shape[1], shape[2], extras, Components.ORDINARY));
        cases.add(mixtureBackward(shape[0], shape[1], shape[2], extras, Components.ORDINARY));
        cases.add(gaussianBackward(shape[0], shape[1], extras, Components.ORDINARY));
      }
      cases.add(gaussian(shape[0], shape[1], Components.ORDINARY));
    }
    for (Components kind : List.of(Components.EXTREME, Components.NAN)) {
      cases.add(mixture(5, 9, 6, true, kind));
      cases.add(mixtureBackward(5, 9, 6, true, kind));
      cases.add(gaussian(5, 9, kind));
      cases.add(gaussianBackward(5, 9, true, kind));
    }
    cases.add(gaussian(70, 20, Components.ORDINARY));
    cases.add(mixture(3, 140, 3, true, Components.ORDINARY));
    cases.add(mixtureBackward(3, 140, 3, true, Components.ORDINARY));
    for (int[] shape : new int[][] {{1, 1}, {3, 33}, {5, 7}, {128, 1}, {2, 257}}) {
      cases.add(sampledKl(shape[0], shape[1]));
    }
    for (int count : new int[] {1, 9, 4097}) {
      cases.add(add(count));
    }
    return cases;
  }

  static List<OpCase> large() {
    return List.of(
        mixture(1024, 20, 10, true, Components.ORDINARY),
        mixtureBackward(1024, 20, 10, true, Components.ORDINARY),
        mixture(1024, 50, 500, false, Components.ORDINARY),
        mixtureBackward(1024, 50, 500, false, Components.ORDINARY),
        gaussian(1024, 50, Components.ORDINARY),
        gaussianBackward(1024, 50, false, Components.ORDINARY),
        sampledKl(128, 512),
        add(1 << 20));
  }

  /** The kinds of priors. */
  private enum Components {
    ORDINARY,
    /** Log variances at, inside and beyond the clamp. */
    EXTREME,
    /** A mean is NaN. */
    NAN;

    private static final float[] LOGVARS = {-200, -30, -12, 0, 19.5f, 20, 20.5f, 200, -1e30f};

    float[] draw(Operands operands, int count, int latent) {
      float[] components = operands.normal(count * 2 * latent);
      for (int k = 0; this == EXTREME && k < count; k++) {
        for (int j = 0; j < latent; j++) {
          components[(2 * k + 1) * latent + j] = LOGVARS[(k + j) % LOGVARS.length];
        }
      }
      if (this == NAN) {
        components[0] = Float.NaN;
      }
      return components;
    }
  }

  /** z and components, and the sizes of the terms that are summed, for bounds. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Terms(float[] z, float[] components, int latent) {
    double distance(int row, int component, int j) {
      return z[row * latent + j] - (double) components[component * 2 * latent + j];
    }

    /** (z - mu) exp(-logvar). */
    double pull(int row, int component, int j) {
      double logvar = components[(2 * component + 1) * latent + j];
      return distance(row, component, j) * Math.exp(-Reparameterize.clamp(logvar));
    }

    /** The terms of log p(z | component) - log N(z; 0, I), with signs or without. */
    double relative(int row, int component, boolean sizes) {
      double sum = 0;
      for (int j = 0; j < latent; j++) {
        double value = z[row * latent + j];
        double logvar = Reparameterize.clamp(components[(2 * component + 1) * latent + j]);
        double square = pull(row, component, j) * distance(row, component, j);
        sum +=
            sizes ? value * value + 1 + Math.abs(logvar) + square : value * value - logvar - square;
      }
      return sum / 2;
    }

    /** The size of the terms of a row's sum over components, each with its share. */
    double mixed(int row, float @Nullable [] logits, int count) {
      double most = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < count; k++) {
        most = Math.max(most, relative(row, k, false) + (logits == null ? 0 : logits[k]));
      }
      double shares = 0;
      double size = 0;
      for (int k = 0; k < count; k++) {
        double share = Math.exp(relative(row, k, false) + (logits == null ? 0 : logits[k]) - most);
        shares += share;
        size += share * relative(row, k, true);
      }
      return 1 + size / shares;
    }
  }

  private static OpCase mixture(int rows, int latent, int count, boolean extras, Components kind) {
    return new OpCase(
        "mixturePrior " + rows + "x" + latent + " of " + count + text(extras) + kind,
        10L * rows * latent * count,
        operands -> {
          float[] values = operands.normal(rows * latent);
          float[] parts = kind.draw(operands, count, latent);
          float @Nullable [] weights = extras ? operands.normal(count) : null;
          Terms terms = new Terms(values, parts, latent);
          double[] size = new double[rows];
          for (int r = 0; r < rows; r++) {
            size[r] = terms.mixed(r, weights, count);
          }
          Bound responsibility =
              (index, want, tolerance) ->
                  tolerance.function()
                      * want
                      * (size[index / count] + terms.relative(index / count, index % count, true));
          Bound ratio =
              (index, want, tolerance) -> tolerance.function() * (Math.abs(want) + size[index]);
          return new MixturePrior(
              operands.in("z", values, Operands.matrix(rows, latent)),
              operands.in("components", parts, count, 2 * latent),
              weights == null ? null : operands.in("logits", weights),
              operands.out("responsibilities", responsibility, Operands.matrix(rows, count)),
              operands.inOut("logRatio", operands.normal(rows), ratio, Operands.vector(rows)));
        });
  }

  private static OpCase mixtureBackward(
      int rows, int latent, int count, boolean extras, Components kind) {
    return new OpCase(
        "mixturePriorBackward " + rows + "x" + latent + " of " + count + text(extras) + kind,
        20L * rows * latent * count,
        operands -> mixtureBackward(operands, rows, latent, count, extras, kind));
  }

  private static Op mixtureBackward(
      Operands operands, int rows, int latent, int count, boolean extras, Components kind) {
    float[] values = operands.normal(rows * latent);
    float[] parts = kind.draw(operands, count, latent);
    float[] shares = operands.uniform(rows * count, 0, 2.0 / count);
    // A component without a part is skipped by some backends.
    for (int i = 0; kind != Components.NAN && i < shares.length; i += 3) {
      shares[i] = 0;
    }
    Terms terms = new Terms(values, parts, latent);
    float scale = 1f / rows;
    double most = 1.5 * scale * 2;
    Bound dz =
        (index, want, tolerance) -> {
          double sum = 1 + Math.abs(want);
          for (int k = 0; k < count; k++) {
            double share = shares[index / latent * count + k];
            sum += most * share * Math.abs(terms.pull(index / latent, k, index % latent));
          }
          return tolerance.function() * sum;
        };
    Bound dComponents =
        (index, want, tolerance) -> {
          int k = index / (2 * latent);
          int j = index % latent;
          double sum = Math.abs(want);
          for (int r = 0; r < rows; r++) {
            double pull = Math.abs(terms.pull(r, k, j));
            boolean variance = index % (2 * latent) >= latent;
            double term = variance ? 1 + pull * Math.abs(terms.distance(r, k, j)) : pull;
            sum += most * shares[r * count + k] * term;
          }
          return tolerance.function() * sum;
        };
    MixturePrior forward =
        new MixturePrior(
            operands.in("z", values, Operands.matrix(rows, latent)),
            operands.in("components", parts, count, 2 * latent),
            extras ? operands.in("logits", operands.normal(count)) : null,
            operands.in("responsibilities", shares, Operands.matrix(rows, count)),
            operands.unused("logRatio", Operands.vector(rows)));
    return new MixturePriorBackward(
        forward,
        weight(operands, rows, extras),
        operands.inOut(
            "dz", operands.uniform(rows * latent, -1, 1), dz, Operands.matrix(rows, latent)),
        operands.out("dComponents", dComponents, count, 2 * latent),
        extras ? operands.out("dLogits", Bound.element(10), count) : null,
        operands.control(3, 0, 0, 0, 1.5),
        scale);
  }

  private static @Nullable Tensor weight(Operands operands, int rows, boolean extras) {
    return extras
        ? operands.in("weight", operands.uniform(rows, 0, 2), Operands.vector(rows))
        : null;
  }

  private static OpCase gaussian(int rows, int latent, Components kind) {
    return new OpCase(
        "gaussianPrior " + rows + "x" + latent + " " + kind,
        10L * rows * latent,
        operands -> {
          float[] values = operands.normal(rows * latent);
          float[] parts = kind.draw(operands, rows, latent);
          Terms terms = new Terms(values, parts, latent);
          Bound ratio =
              (index, want, tolerance) ->
                  tolerance.function() * (Math.abs(want) + terms.relative(index, index, true));
          return new GaussianPrior(
              operands.in("z", values, Operands.matrix(rows, latent)),
              operands.in("components", parts, Operands.matrix(rows, 2 * latent)),
              operands.inOut("logRatio", operands.normal(rows), ratio, Operands.vector(rows)));
        });
  }

  private static OpCase gaussianBackward(int rows, int latent, boolean extras, Components kind) {
    return new OpCase(
        "gaussianPriorBackward " + rows + "x" + latent + text(extras) + kind,
        10L * rows * latent,
        operands -> {
          float[] values = operands.normal(rows * latent);
          float[] parts = kind.draw(operands, rows, latent);
          Terms terms = new Terms(values, parts, latent);
          Bound dz =
              (index, want, tolerance) -> {
                double pull = terms.pull(index / latent, index / latent, index % latent);
                return tolerance.function() * (2 + Math.abs(want) + Math.abs(pull));
              };
          Bound dComponents =
              (index, want, tolerance) -> tolerance.function() * (1 + Math.abs(want));
          GaussianPrior forward =
              new GaussianPrior(
                  operands.in("z", values, Operands.matrix(rows, latent)),
                  operands.in("components", parts, Operands.matrix(rows, 2 * latent)),
                  operands.unused("logRatio", Operands.vector(rows)));
          return new GaussianPriorBackward(
              forward,
              weight(operands, rows, extras),
              operands.inOut(
                  "dz", operands.uniform(rows * latent, -1, 1), dz, Operands.matrix(rows, latent)),
              operands.out("dComponents", dComponents, Operands.matrix(rows, 2 * latent)),
              operands.control(3, 0, 0, 0, 1.5),
              1f / rows);
        });
  }

  private static OpCase sampledKl(int batch, int samples) {
    return new OpCase(
        "sampledKl " + batch + "x" + samples,
        10L * batch * samples,
        operands ->
            new SampledKl(
                operands.in("logRatio", operands.normal(batch * samples), batch, samples),
                operands.out("kl", Bound.element(1), batch)));
  }

  private static OpCase add(int count) {
    return new OpCase(
        "add " + count,
        2L * count,
        operands ->
            new Add(
                operands.in("source", operands.normal(count)),
                operands.inOut("target", operands.normal(count), Bound.element(1))));
  }

  private static String text(boolean extras) {
    return extras ? " all " : " least ";
  }
}
