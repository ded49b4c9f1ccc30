// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cases of {@link GlobalNorm}, {@link RecordMetrics} and {@link AdamUpdate}. */
final class OptimizerCases {
  /** The parameters of 784-400-20-400-784, with their padding. */
  private static final int MLP_400 = 652_832;

  private OptimizerCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int n : new int[] {1, 3, 33, 1000, 100_003}) {
      cases.add(norm("normal", n, 1, 0));
      cases.add(norm("huge", n, 1e25f, 0));
      cases.add(norm("tiny", n, 1e-25f, 0));
      cases.add(norm("NaN", n, 1, Float.NaN));
      cases.add(norm("infinite", n, 1, Float.NEGATIVE_INFINITY));
    }
    cases.add(norm("zero", 33, 0, 0));
    cases.addAll(metrics());
    Adam plain = Adam.plain(33);
    cases.add(plain.toCase("plain"));
    cases.add(Adam.plain(1).toCase("one"));
    cases.add(Adam.plain(10_007).toCase("odd tail"));
    cases.add(plain.with(0, 1, 5).toCase("first step"));
    cases.add(plain.with(1_000_000, 1, 5).toCase("late step"));
    cases.add(plain.with(3, 0, 5).toCase("skip"));
    cases.add(plain.decay(0.01, false).toCase("weight decay"));
    cases.add(plain.decay(0.01, true).toCase("decoupled decay"));
    cases.add(plain.clip(1).toCase("clip"));
    cases.add(plain.clip(100).toCase("clip above the norm"));
    cases.add(plain.clip(1).with(3, 1, 0).toCase("clip of a zero norm"));
    cases.add(plain.clip(1).with(3, 0, Double.NaN).toCase("skip of a NaN norm"));
    cases.add(plain.epsilon(0.1).toCase("large epsilon"));
    cases.add(plain.average(0.999).toCase("average"));
    cases.add(plain.average(0).toCase("average of nothing but now"));
    cases.add(plain.average(0.9).decay(0.1, true).clip(2).toCase("everything"));
    cases.add(plain.average(0.9).with(3, 0, 5).toCase("skip with average"));
    return cases;
  }

  static List<OpCase> large() {
    return List.of(
        norm("normal", MLP_400, 1, 0),
        Adam.plain(MLP_400).toCase("plain"),
        Adam.plain(MLP_400).average(0.999).clip(1).toCase("average and clip"));
  }

  static OpCase norm(String label, int n, float size, float last) {
    return new OpCase(
        "globalNorm " + n + " " + label,
        2L * n,
        operands -> {
          float[] gradients = operands.normal(n);
          for (int i = 0; i < n; i++) {
            gradients[i] *= size;
          }
          if (last != 0) {
            gradients[n - 1] = last;
          }
          Tensor in = operands.in("gradients", gradients);
          return new GlobalNorm(in, operands.out("norm", DType.FLOAT64, Bound.element(0), 1));
        });
  }

  private static List<OpCase> metrics() {
    List<OpCase> cases = new ArrayList<>();
    for (int[] shape : new int[][] {{1, 1, 1}, {3, 2, 4}, {128, 1, 100}, {33, 5, 7}, {300, 2, 7}}) {
      cases.add(metrics("ordinary", shape[0], shape[1], shape[2], 9, 1, 1, 1));
      cases.add(metrics("bound", shape[0], shape[1], shape[2], 9, 1, 1, 1));
      cases.add(metrics("penalty and bound", shape[0], shape[1], shape[2], 9, 1, 1, 1));
    }
    cases.add(metrics("large step", 3, 2, 100, (1L << 45) + 7, 1, 1, 1));
    double nan = Double.NaN;
    cases.add(metrics("NaN nll", 3, 2, 4, 6, nan, 1, 1));
    cases.add(metrics("infinite kl", 3, 2, 4, 6, 1, Double.POSITIVE_INFINITY, 1));
    cases.add(metrics("infinite bound", 3, 2, 4, 6, 1, 1, 1));
    cases.add(metrics("NaN penalty", 3, 2, 4, 6, 1, 1, 1));
    cases.add(metrics("NaN norm", 3, 2, 4, 6, 1, 1, nan));
    cases.add(metrics("norm of the most", 3, 2, 4, 6, 1, 1, 0x1p63));
    cases.add(metrics("norm beyond the most", 3, 2, 4, 6, 1, 1, Math.nextUp(0x1p63)));
    cases.add(metrics("clipped norm beyond the most", 3, 2, 4, 6, 1, 1, 1e30));
    cases.add(metrics("infinite norm", 3, 2, 4, 6, 1, 1, Double.POSITIVE_INFINITY));
    return cases;
  }

  private static OpCase metrics(
      String label,
      int batch,
      int samples,
      int slots,
      long step,
      double firstNll,
      double lastKl,
      double norm) {
    return new OpCase(
        "recordMetrics " + batch + "x" + samples + " of " + slots + " " + label,
        (long) batch * samples,
        operands -> {
          float[] nll = operands.uniform(batch * samples, 80, 120);
          float[] kl = operands.uniform(batch, 0, 30);
          nll[0] = (float) firstNll;
          kl[batch - 1] = (float) lastKl;
          float[] bounds = operands.uniform(batch, -120, -80);
          bounds[0] = label.startsWith("infinite") ? Float.NEGATIVE_INFINITY : bounds[0];
          float[] penalties = operands.uniform(2, 0, 3);
          penalties[1] = label.startsWith("NaN penalty") ? Float.NaN : penalties[1];
          double[] ring = new double[slots * RecordMetrics.WIDTH];
          Arrays.fill(ring, -7);
          return new RecordMetrics(
              operands.in("nll", nll, batch, samples),
              operands.in("kl", kl),
              label.endsWith("bound") ? operands.in("bound", bounds) : null,
              label.contains("penalty") ? operands.in("penalty", penalties) : null,
              operands.in("norm", new double[] {norm}),
              operands.inOut("ring", ring, Bound.element(0), slots, RecordMetrics.WIDTH),
              operands.out("status", DType.FLOAT64, Bound.exact(), 1),
              operands.control(step, 0, 0, 0, 1),
              AdamUpdate.mostNorm(label.startsWith("clipped") ? 1 : 0));
        });
  }

  private record Adam(
      int n,
      double applied,
      double status,
      double norm,
      double weightDecay,
      boolean decoupled,
      double clipNorm,
      @Nullable Double emaDecay,
      double epsilon) {
    static Adam plain(int n) {
      return new Adam(n, 3, 1, 5, 0, false, 0, null, 1e-8);
    }

    Adam with(double newApplied, double newStatus, double newNorm) {
      return new Adam(
          n, newApplied, newStatus, newNorm, weightDecay, decoupled, clipNorm, emaDecay, epsilon);
    }

    Adam decay(double decay, boolean isDecoupled) {
      return new Adam(n, applied, status, norm, decay, isDecoupled, clipNorm, emaDecay, epsilon);
    }

    Adam clip(double newClipNorm) {
      return new Adam(
          n, applied, status, norm, weightDecay, decoupled, newClipNorm, emaDecay, epsilon);
    }

    Adam average(double decay) {
      return new Adam(n, applied, status, norm, weightDecay, decoupled, clipNorm, decay, epsilon);
    }

    Adam epsilon(double newEpsilon) {
      return new Adam(
          n, applied, status, norm, weightDecay, decoupled, clipNorm, emaDecay, newEpsilon);
    }

    OpCase toCase(String label) {
      return new OpCase("adam " + n + " " + label, 20L * n, this::build);
    }

    private Op build(Operands operands) {
      float[] gradients = operands.normal(n);
      float[] m = operands.uniform(n, -0.1, 0.1);
      float[] v = operands.uniform(n, 0, 0.1);
      if (n > 4) {
        // A dead unit, one whose second moment underflows, and one whose moments are denormal.
        gradients[0] = m[0] = v[0] = 0;
        gradients[1] = 1e-20f;
        m[1] = v[1] = 0;
        gradients[2] = 0;
        m[2] = 1e-40f;
        v[2] = 1e-42f;
      }
      Bound bound = (index, want, tolerance) -> 8 * Bound.ROUNDOFF * (Math.abs(want) + 0.1);
      return new AdamUpdate(
          operands.inOut("parameters", operands.normal(n), bound),
          operands.in("gradients", gradients),
          operands.inOut("m", m, bound),
          operands.inOut("v", v, bound),
          emaDecay == null ? null : operands.inOut("average", operands.normal(n), bound),
          operands.in("norm", new double[] {norm}),
          operands.in("status", new double[] {status}),
          operands.inOut("state", new double[] {applied, 2, 1}, Bound.exact()),
          operands.control(7, 0, 0, 1e-3, 1),
          0.9,
          0.999,
          epsilon,
          weightDecay,
          decoupled,
          clipNorm,
          emaDecay == null ? 0 : emaDecay);
    }
  }
}
