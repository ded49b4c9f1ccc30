// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.MmdPenalty;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.TotalCorrelation;
import io.github.vae4j.backend.op.TotalCorrelationBackward;
import java.util.ArrayList;
import java.util.List;

/** Cases of {@link MmdPenalty}, {@link TotalCorrelation} and {@link TotalCorrelationBackward}. */
final class PenaltyCases {
  private static final long SEED = 0x7FFFFFFF00000003L;

  private PenaltyCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int[][] samples = {{1, 1}, {1, 7}, {2, 3}, {33, 5}, {40, 33}, {17, 65}, {33, 130}, {128, 20}};
    for (int[] shape : samples) {
      cases.add(mmd(shape[0], shape[1], 9, 1, 10));
    }
    cases.add(mmd(33, 5, (1L << 35) + 1, 100, 1));
    cases.add(mmd(33, 5, 0, 1e6f, 1));
    // More blocks of rows than a warp has threads.
    cases.add(mmd(270, 3, 2, 0, 1));
    cases.add(mmd(5, 3, 2, Float.NaN, 1));
    int[][] batches = {
      {1, 1, 1},
      {1, 3, 5},
      {3, 2, 2},
      {5, 1, 33},
      {33, 2, 7},
      {9, 3, 65}
    };
    for (int[] shape : batches) {
      for (int dataRows : new int[] {shape[0], 10 * shape[0] + 1, 60_000}) {
        cases.addAll(correlation(shape[0], shape[1], shape[2], dataRows, Stats.ORDINARY));
      }
      cases.addAll(correlation(shape[0], shape[1], shape[2], 60_000, Stats.CLAMPED));
    }
    // The number of the data's rows is in two weights, which have no size.
    cases.addAll(correlation(40, 1, 130, 60_000, Stats.ORDINARY));
    cases.addAll(correlation(128, 1, 20, 60_000, Stats.CLAMPED));
    for (Stats kind : new Stats[] {Stats.FAR, Stats.SAME, Stats.NAN}) {
      cases.addAll(correlation(7, 2, 3, 100, kind));
    }
    return cases;
  }

  static List<OpCase> large() {
    List<OpCase> cases = new ArrayList<>();
    for (int batch : new int[] {128, 1024}) {
      cases.add(mmd(batch, 20, 9, 1, 1));
      cases.addAll(correlation(batch, 1, 20, 60_000, Stats.ORDINARY));
    }
    return cases;
  }

  /** Samples of N(0.5, spread^2); a spread that is not a number goes to one of them. */
  private static OpCase mmd(int rows, int latent, long step, float spread, float scale) {
    return new OpCase(
        "mmdPenalty %dx%d step %d spread %s scale %s".formatted(rows, latent, step, spread, scale),
        10L * rows * rows * latent,
        operands -> {
          float[] z = operands.normal(rows * latent);
          for (int i = 0; i < z.length; i++) {
            z[i] = 0.5f + (Float.isNaN(spread) ? 1 : spread) * z[i];
          }
          z[z.length - 1] = Float.isNaN(spread) ? Float.NaN : z[z.length - 1];
          // The most that k^2 |x - y| can be is 0.33 sqrt(C).
          double slopes = 2.6 * scale / (rows * Math.sqrt(MmdPenalty.kernelScale(latent)));
          Bound dz =
              (index, want, tolerance) ->
                  tolerance.function() * (Math.abs(want) + slopes) + 4 * Bound.ROUNDOFF;
          Bound penalty = (index, want, tolerance) -> tolerance.function() * scale;
          return new MmdPenalty(
              operands.in("z", z, Operands.matrix(rows, latent)),
              operands.inOut(
                  "dz", operands.normal(rows * latent), dz, Operands.matrix(rows, latent)),
              operands.out("penalty", penalty, 1),
              operands.control(step, 0, 0, 0, 1),
              SEED,
              scale);
        });
  }

  /** The kinds of encoder outputs. */
  private enum Stats {
    ORDINARY,
    /** Log variances at and beyond the clamp. */
    CLAMPED,
    /** Posteriors that do not overlap. */
    FAR,
    /** One posterior for all rows: q(z) is that one, and its dimensions are independent. */
    SAME,
    /** The first row's first mean is not a number. */
    NAN;

    private static final float[] LOGVARS = {-200, -30, 0, 1, -2, 20, 200};

    float[] draw(Operands operands, int batch, int latent) {
      float[] stats = operands.normal(batch * 2 * latent);
      for (int j = 0; j < batch; j++) {
        for (int d = 0; d < latent; d++) {
          int mu = j * 2 * latent + d;
          switch (this) {
            case ORDINARY -> {}
            case CLAMPED -> stats[mu + latent] = LOGVARS[(j * latent + d) % LOGVARS.length];
            case FAR -> stats[mu] *= 1000;
            case SAME -> {
              stats[mu] = stats[d];
              stats[mu + latent] = stats[latent + d];
            }
            case NAN -> stats[0] = Float.NaN;
          }
        }
      }
      return stats;
    }
  }

  private static List<OpCase> correlation(
      int batch, int samples, int latent, int dataRows, Stats kind) {
    String shape = " %dx%dx%d of %d %s".formatted(batch, samples, latent, dataRows, kind);
    long work = 40L * batch * batch * samples * latent;
    return List.of(
        new OpCase(
            "totalCorrelation" + shape,
            work,
            operands -> {
              float[] stats = kind.draw(operands, batch, latent);
              float[] noise = operands.normal(batch * samples * latent);
              Shares shares =
                  operands.once(() -> new Shares(stats, noise, batch, samples, dataRows));
              return forward(operands, shares);
            }),
        new OpCase(
            "totalCorrelationBackward" + shape,
            work,
            operands -> {
              float[] stats = kind.draw(operands, batch, latent);
              float[] noise = operands.normal(batch * samples * latent);
              Shares shares =
                  operands.once(() -> new Shares(stats, noise, batch, samples, dataRows));
              return backward(operands, shares);
            }));
  }

  private static Op forward(Operands operands, Shares shares) {
    int rows = shares.rows;
    float scale = 3;
    Bound joint =
        (index, want, tolerance) -> 16 * Bound.ROUNDOFF * (Math.abs(want) + 4 * shares.latent);
    Bound marginal = (index, want, tolerance) -> 16 * Bound.ROUNDOFF * (Math.abs(want) + 8);
    Bound penalty =
        (index, want, tolerance) ->
            16 * Bound.ROUNDOFF * (Math.abs(want) + scale * 30 * shares.latent);
    Bound dz =
        (index, want, tolerance) ->
            tolerance.function() * Math.abs(want)
                + 4 * Bound.ROUNDOFF
                + scale / rows * shares.error() * shares.pullOfSample[index];
    return new TotalCorrelation(
        operands.in("stats", shares.stats, shares.batch, 2 * shares.latent),
        operands.in("z", shares.z, shares.shape()),
        operands.inOut("dz", operands.normal(rows * shares.latent), dz, shares.shape()),
        operands.out("joint", joint, shares.batch, shares.samples),
        operands.out("marginal", marginal, shares.shape()),
        operands.out("penalty", penalty, 1),
        TotalCorrelation.logOwnWeight(shares.batch, shares.dataRows),
        TotalCorrelation.logOtherWeight(shares.batch, shares.dataRows),
        scale);
  }

  private static Op backward(Operands operands, Shares shares) {
    float scale = 3;
    Bound dStats =
        (index, want, tolerance) ->
            tolerance.function() * Math.abs(want)
                + 4 * Bound.ROUNDOFF
                + scale / shares.rows * shares.error() * shares.pullOfStats[index];
    TotalCorrelation forward =
        new TotalCorrelation(
            operands.in("stats", shares.stats, shares.batch, 2 * shares.latent),
            operands.in("z", shares.z, shares.shape()),
            operands.unused("dz", shares.shape()),
            operands.in("joint", shares.joint, shares.batch, shares.samples),
            operands.in("marginal", shares.marginal, shares.shape()),
            operands.unused("penalty", 1),
            TotalCorrelation.logOwnWeight(shares.batch, shares.dataRows),
            TotalCorrelation.logOtherWeight(shares.batch, shares.dataRows),
            scale);
    return new TotalCorrelationBackward(
        forward,
        operands.inOut(
            "dStats",
            operands.normal(shares.stats.length),
            dStats,
            shares.batch,
            2 * shares.latent));
  }

  /** Samples of the posteriors, their densities, and the weights of the gradients' terms. */
  private static final class Shares {
    final float[] stats;
    final float[] z;
    final int batch;
    final int samples;
    final int latent;
    final int dataRows;
    final int rows;
    final float[] joint;
    final float[] marginal;
    final double[] pullOfSample;
    final double[] pullOfStats;
    private double largest;

    Shares(float[] stats, float[] noise, int batch, int samples, int dataRows) {
      this.stats = stats;
      this.batch = batch;
      this.samples = samples;
      this.dataRows = dataRows;
      rows = batch * samples;
      latent = noise.length / rows;
      z = noise.clone();
      for (int i = 0; i < z.length; i++) {
        int j = i / latent / samples;
        int d = i % latent;
        z[i] = (float) (mu(j, d) + Math.exp(logvar(j, d) / 2) * z[i]);
      }
      joint = new float[rows];
      marginal = new float[rows * latent];
      pullOfSample = new double[rows * latent];
      pullOfStats = new double[stats.length];
      for (int r = 0; r < rows; r++) {
        addSample(r);
      }
    }

    /** The relative error of a share: that of an exponent. */
    double error() {
      return 16 * Bound.ROUNDOFF * (16 + 4 * latent + largest);
    }

    /** The shape of z. */
    int[] shape() {
      return new int[] {batch, samples, latent};
    }

    private double mu(int j, int d) {
      return stats[j * 2 * latent + d];
    }

    private double logvar(int j, int d) {
      return Math.min(Math.max(stats[j * 2 * latent + latent + d], -30), 20);
    }

    private double logDensity(int r, int j, int d) {
      double distance = z[r * latent + d] - mu(j, d);
      double logvar = logvar(j, d);
      return -0.5 * (Math.log(2 * Math.PI) + logvar + distance * distance * Math.exp(-logvar));
    }

    private double logWeight(int r, int j) {
      return r / samples == j
          ? TotalCorrelation.logOwnWeight(batch, dataRows)
          : TotalCorrelation.logOtherWeight(batch, dataRows);
    }

    private void addSample(int r) {
      double[] joints = new double[batch];
      double[][] marginals = new double[latent][batch];
      for (int j = 0; j < batch; j++) {
        joints[j] = logWeight(r, j);
        for (int d = 0; d < latent; d++) {
          joints[j] += logDensity(r, j, d);
          marginals[d][j] = logWeight(r, j) + logDensity(r, j, d);
        }
      }
      joint[r] = (float) logSum(joints);
      largest = Math.max(largest, Math.abs(joint[r]));
      for (int d = 0; d < latent; d++) {
        marginal[r * latent + d] = (float) logSum(marginals[d]);
        for (int j = 0; j < batch; j++) {
          double share =
              Math.exp(joints[j] - joint[r]) + Math.exp(marginals[d][j] - marginal[r * latent + d]);
          double precision = Math.exp(-logvar(j, d));
          double distance = Math.abs(z[r * latent + d] - mu(j, d));
          pullOfSample[r * latent + d] += share * distance * precision;
          pullOfStats[j * 2 * latent + d] += share * distance * precision;
          pullOfStats[j * 2 * latent + latent + d] += share * (distance * distance * precision + 1);
        }
      }
    }

    private static double logSum(double[] values) {
      double largest = Double.NEGATIVE_INFINITY;
      for (double value : values) {
        largest = Math.max(largest, value);
      }
      double sum = 0;
      for (double value : values) {
        sum += Math.exp(value - largest);
      }
      return largest + Math.log(sum);
    }
  }
}
