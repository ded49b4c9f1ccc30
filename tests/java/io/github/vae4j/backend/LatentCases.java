// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.ImportanceWeights;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cases of {@link Reparameterize}, {@link ReparameterizeBackward} and {@link ImportanceWeights}.
 */
final class LatentCases {
  private static final long SEED = 0x7FFFFFFF00000003L;

  /** The square of the largest normal draw, and a little. */
  private static final double MOST_NOISE = 34;

  private LatentCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int[][] shapes = {{1, 1, 1}, {3, 1, 33}, {5, 3, 7}, {2, 8, 2}, {128, 1, 20}, {17, 5, 65}};
    for (int[] shape : shapes) {
      for (boolean extras : new boolean[] {true, false}) {
        cases.add(forward(new Shape(shape[0], shape[1], shape[2], 0, 9), extras, Stats.ORDINARY));
      }
      Shape offset = new Shape(shape[0], shape[1], shape[2], 1000, (1L << 35) + 1);
      cases.add(forward(offset, true, Stats.ORDINARY));
      cases.add(forward(offset, true, Stats.EXTREME));
      cases.add(backward(offset, Stats.ORDINARY, 1, 0));
      cases.add(backward(offset, Stats.ORDINARY, 0, 0));
      cases.add(backward(offset, Stats.EXTREME, 1, 0));
      cases.add(backward(offset, Stats.ORDINARY, 0.5, 0.25f));
      cases.addAll(estimators(offset));
    }
    cases.add(forward(new Shape(3, 2, 5, 0, 0), true, Stats.NAN));
    cases.add(backward(new Shape(3, 2, 5, 0, 0), Stats.NAN, 1, 0));
    for (int[] shape : new int[][] {{1, 1}, {3, 33}, {5, 7}, {128, 1}, {2, 257}}) {
      cases.add(importance(shape[0], shape[1], true));
      cases.add(importance(shape[0], shape[1], false));
    }
    cases.add(importanceOfExtremes());
    return cases;
  }

  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    for (int batch : new int[] {128, 1024}) {
      Shape shape = new Shape(batch, 1, 20, 0, 9);
      cases.add(forward(shape, true, Stats.ORDINARY));
      cases.add(backward(shape, Stats.ORDINARY, 1, 0));
    }
    cases.add(forward(new Shape(128, 50, 50, 0, 9), true, Stats.ORDINARY));
    cases.add(importance(128, 512, false));
    return cases;
  }

  private record Shape(int batch, int samples, int latent, int rowOffset, long step) {
    long work() {
      return 30L * batch * samples * latent;
    }

    int[] stats() {
      return new int[] {batch, 2 * latent};
    }

    int[] z() {
      return new int[] {batch, samples, latent};
    }

    @Override
    public String toString() {
      return batch + "x" + samples + "x" + latent + " offset " + rowOffset + " step " + step;
    }
  }

  /** The kinds of encoder outputs. */
  private enum Stats {
    ORDINARY,
    /** Log variances down to -8: the score of q is large. */
    MODERATE,
    /** Log variances at, inside and beyond the clamp; zero variance as good as. */
    EXTREME,
    /** The first row's mean and the last row's log variance are NaN. */
    NAN;

    private static final float[] LOGVARS = {-200, -30, -29.5f, 0, 19.5f, 20, 20.5f, 200, -1e30f};

    float[] draw(Operands operands, Shape shape) {
      float[] stats = operands.normal(shape.batch * 2 * shape.latent);
      if (this == EXTREME) {
        for (int i = 0; i < shape.batch * shape.latent; i++) {
          int row = i / shape.latent;
          stats[(2 * row + 1) * shape.latent + i % shape.latent] = LOGVARS[i % LOGVARS.length];
        }
      }
      if (this == MODERATE) {
        for (int i = 0; i < shape.batch * shape.latent; i++) {
          int row = i / shape.latent;
          stats[(2 * row + 1) * shape.latent + i % shape.latent] = -8 + i % 10;
        }
      }
      if (this == NAN) {
        stats[0] = Float.NaN;
        stats[stats.length - 1] = Float.NaN;
      }
      return stats;
    }
  }

  /** exp(logvar) of one row and dimension, for bounds. */
  private static double variance(float[] stats, Shape shape, int row, int j) {
    double logvar = stats[row * 2 * shape.latent + shape.latent + j];
    if (Double.isNaN(logvar)) {
      return 1;
    }
    return Math.exp(
        Math.min(Math.max(logvar, Reparameterize.MIN_LOGVAR), Reparameterize.MAX_LOGVAR));
  }

  /** The size of the terms that the KL or the log ratio of a row sums over dimensions j. */
  private static double rowSize(float[] stats, Shape shape, int row, double noise) {
    double size = 0;
    for (int j = 0; j < shape.latent; j++) {
      double mu = stats[row * 2 * shape.latent + j];
      size += 30 + mu * mu + noise * (1 + variance(stats, shape, row, j));
    }
    return size;
  }

  private static OpCase forward(Shape shape, boolean extras, Stats kind) {
    return new OpCase(
        "reparameterize " + shape + (extras ? "" : " z and kl only") + " " + kind,
        shape.work(),
        operands -> reparameterize(operands, shape, extras, kind.draw(operands, shape)));
  }

  private static Op reparameterize(Operands operands, Shape shape, boolean extras, float[] stats) {
    Bound z =
        (index, want, tolerance) -> {
          int row = index / shape.latent / shape.samples;
          double sigma = Math.sqrt(variance(stats, shape, row, index % shape.latent));
          return tolerance.function() * (Math.abs(want) + sigma);
        };
    Bound kl =
        (index, want, tolerance) ->
            tolerance.function() * Math.abs(want)
                + 8 * Bound.ROUNDOFF * rowSize(stats, shape, index, 1);
    Bound klPerDimension =
        (index, want, tolerance) ->
            tolerance.function() * Math.abs(want) + 8 * Bound.ROUNDOFF * 30 * shape.batch;
    Bound logRatio =
        (index, want, tolerance) ->
            tolerance.function() * rowSize(stats, shape, index / shape.samples, MOST_NOISE);
    return new Reparameterize(
        operands.in("stats", stats, shape.stats()),
        operands.out("z", z, shape.z()),
        operands.out("kl", kl, shape.batch),
        extras ? operands.out("klPerDimension", klPerDimension, shape.latent) : null,
        extras ? operands.out("logRatio", logRatio, shape.batch, shape.samples) : null,
        operands.control(shape.step, 0, 0, 0, 1),
        SEED,
        Stream.LATENT,
        shape.rowOffset);
  }

  private static OpCase backward(Shape shape, Stats kind, double beta, float freeBits) {
    return backward(shape, kind, new Term(beta, freeBits, Double.NaN, 0, Estimator.ANALYTIC));
  }

  /**
   * Weighted samples by each estimator, in one and in as many groups as samples, and capacities.
   */
  private static List<OpCase> estimators(Shape shape) {
    List<OpCase> cases = new ArrayList<>();
    for (Estimator estimator : Estimator.values()) {
      cases.add(backward(shape, Stats.ORDINARY, new Term(0.7, 0, Double.NaN, 0, estimator)));
      cases.add(backward(shape, Stats.ORDINARY, new Term(0.7, 0, Double.NaN, 1, estimator)));
      cases.add(
          backward(shape, Stats.ORDINARY, new Term(1, 0, Double.NaN, shape.samples, estimator)));
      cases.add(backward(shape, Stats.MODERATE, new Term(1, 0, Double.NaN, 1, estimator)));
    }
    cases.add(backward(shape, Stats.ORDINARY, new Term(2, 0, 1e-3, 0, Estimator.ANALYTIC)));
    cases.add(backward(shape, Stats.ORDINARY, new Term(2, 0, 1e3, 1, Estimator.ANALYTIC)));
    return cases;
  }

  /**
   * A latent term.
   *
   * @param beta its weight
   * @param freeBits nats
   * @param capacity nats; NaN for none
   * @param groups of weighted samples; 0 for samples without weights
   * @param estimator of the gradient
   */
  private record Term(
      double beta, float freeBits, double capacity, int groups, Estimator estimator) {
    boolean hasCapacity() {
      return !Double.isNaN(capacity);
    }
  }

  private static OpCase backward(Shape shape, Stats kind, Term term) {
    return new OpCase(
        "reparameterizeBackward " + shape + " " + term + " " + kind,
        shape.work(),
        operands -> backwardOp(operands, shape, kind.draw(operands, shape), term));
  }

  private static Op backwardOp(Operands operands, Shape shape, float[] stats, Term term) {
    float klScale = 1f / shape.batch;
    int rows = shape.batch * shape.samples;
    // The path of a sample: the prior pulls at z, the score of q at eps / sigma.
    boolean sampled = term.estimator != Estimator.ANALYTIC;
    // Sums over samples of dz eps sigma / 2 (dz is at most 1), and the KL's own exp(logvar).
    Bound dStats =
        (index, want, tolerance) -> {
          int row = index / (2 * shape.latent);
          double variance = variance(stats, shape, row, index % shape.latent);
          double sigma = Math.sqrt(variance);
          double pull = sampled ? 6 * (1 + 2 * sigma + 1 / sigma) : 0;
          double terms = 1 + shape.samples * (1 + sigma) * (1 + pull) * 3 + klScale * 3 * variance;
          return tolerance.function() * (Math.abs(want) + terms / 4);
        };
    boolean measured = term.freeBits > 0 || term.hasCapacity();
    Tensor in = operands.in("stats", stats, shape.stats());
    Tensor dz = operands.in("dz", operands.uniform(rows * shape.latent, -1, 1), shape.z());
    @Nullable Tensor perDimension =
        measured
            ? operands.in(
                "klPerDimension", operands.uniform(shape.latent, 0, Math.max(1, 2 * term.freeBits)))
            : null;
    @Nullable Tensor weight =
        term.groups > 0
            ? operands.in("weight", operands.uniform(rows, 0, 3), shape.batch, shape.samples)
            : null;
    Reparameterize forward =
        new Reparameterize(
            in,
            operands.unused("z", shape.z()),
            operands.unused("kl", shape.batch),
            perDimension,
            null,
            operands.control(
                shape.step, 0, 0, 0, term.beta, term.hasCapacity() ? term.capacity : 0),
            SEED,
            Stream.LATENT,
            shape.rowOffset);
    return new ReparameterizeBackward(
        forward,
        dz,
        weight,
        operands.out("dStats", dStats, shape.stats()),
        term.groups == 0 ? shape.samples : term.groups,
        klScale,
        term.freeBits,
        term.hasCapacity(),
        term.estimator);
  }

  private static OpCase importance(int batch, int samples, boolean first) {
    return new OpCase(
        "importanceWeights " + batch + "x" + samples + (first ? " first" : " next"),
        20L * batch * samples,
        operands -> {
          double[] state = new double[3 * batch];
          float[] maxima = operands.uniform(batch, -120, -80);
          for (int b = 0; b < batch; b++) {
            state[3 * b] = first ? Double.NEGATIVE_INFINITY : maxima[b];
            state[3 * b + 1] = first ? 0 : 2.5;
            state[3 * b + 2] = first ? 0 : 1.75;
          }
          float[] nll = operands.uniform(batch * samples, 80, 110);
          return weights(operands, nll, operands.normal(batch * samples), state, samples);
        });
  }

  /** Rows: a weight of zero, nothing but zero weights, a certain one, NaN, and far apart. */
  private static OpCase importanceOfExtremes() {
    float inf = Float.POSITIVE_INFINITY;
    return new OpCase(
        "importanceWeights extremes",
        100,
        operands -> {
          float[] nll = {5, inf, inf, inf, 0, 0, Float.NaN, 1, 1e5f, -1e5f};
          double[] state = new double[15];
          for (int b = 0; b < 5; b++) {
            state[3 * b] = Double.NEGATIVE_INFINITY;
          }
          return weights(operands, nll, new float[10], state, 2);
        });
  }

  private static Op weights(
      Operands operands, float[] nll, float[] logRatio, double[] state, int samples) {
    int batch = state.length / 3;
    return new ImportanceWeights(
        operands.in("nll", nll, batch, samples),
        operands.in("logRatio", logRatio, batch, samples),
        operands.inOut("state", state, Bound.element(1), batch, 3));
  }
}
