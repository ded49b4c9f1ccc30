// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend;

import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.SampleWeights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cases of {@link SampleWeights}. */
final class WeightCases {
  private WeightCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int[][] shapes = {{1, 1, 1}, {3, 5, 1}, {5, 6, 3}, {7, 4, 4}, {33, 50, 1}, {2, 130, 2}};
    for (int[] shape : shapes) {
      for (double alpha : new double[] {0, 0.5, 1, -2, 3}) {
        cases.add(ordinary(shape[0], shape[1], shape[2], alpha, 1, false));
      }
      cases.add(ordinary(shape[0], shape[1], shape[2], 0, 0.3, true));
      cases.add(ordinary(shape[0], shape[1], shape[2], 0, 0, false));
    }
    for (double alpha : new double[] {0, 0.5, 1}) {
      cases.add(extremes(alpha));
    }
    return cases;
  }

  static List<OpCase> large() {
    return List.of(ordinary(128, 50, 1, 0, 1, false));
  }

  private static OpCase ordinary(
      int batch, int samples, int groups, double alpha, double beta, boolean weighted) {
    return new OpCase(
        "sampleWeights %dx%d in %d alpha %s beta %s%s"
            .formatted(batch, samples, groups, alpha, beta, weighted ? " of weighted rows" : ""),
        40L * batch * samples,
        operands -> {
          float[] nll = operands.uniform(batch * samples, 80, 110);
          float[] logRatio = operands.uniform(batch * samples, -30, -10);
          float[] rowWeight = weighted ? operands.uniform(batch, 0, 2) : null;
          return weights(operands, nll, logRatio, rowWeight, groups, samples, alpha, beta);
        });
  }

  /**
   * Groups of three: one impossible sample; nothing but impossible ones; not a number; far apart.
   */
  private static OpCase extremes(double alpha) {
    float inf = Float.POSITIVE_INFINITY;
    return new OpCase(
        "sampleWeights extremes alpha " + alpha,
        100,
        operands -> {
          float[] nll = {5, inf, 4, inf, inf, inf, 1, Float.NaN, 2, 1e6f, -1e6f, 0};
          return weights(operands, nll, new float[12], null, 1, 3, alpha, 1);
        });
  }

  private static Op weights(
      Operands operands,
      float[] nll,
      float[] logRatio,
      float @Nullable [] rowWeight,
      int groups,
      int samples,
      double alpha,
      double beta) {
    int batch = nll.length / samples;
    Bound nats = (index, want, tolerance) -> 4 * Bound.ROUNDOFF * Math.abs(want);
    Bound share =
        (index, want, tolerance) -> tolerance.function() * Math.abs(want) + Float.MIN_NORMAL;
    return new SampleWeights(
        operands.in("nll", nll, batch, samples),
        operands.in("logRatio", logRatio, batch, samples),
        rowWeight == null ? null : operands.in("rowWeight", rowWeight),
        operands.out("weight", share, batch, samples),
        operands.out("bound", nats, batch),
        operands.control(9, 0, 0, 0, beta),
        groups,
        alpha);
  }
}
