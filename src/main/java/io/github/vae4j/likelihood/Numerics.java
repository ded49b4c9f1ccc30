// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import io.github.vae4j.numeric.Elementary;

/** Elementary functions in forms without overflow and cancellation. */
final class Numerics {
  /** The lower clamp of a log scale, log rate or log dispersion before it is exponentiated. */
  static final double MIN_LOG = -30;

  /** The upper clamp. */
  static final double MAX_LOG = 20;

  /** log(2 pi). */
  static final double LOG_TWO_PI = Elementary.log(2 * Math.PI);

  private static final double LOG_TWO = Elementary.log(2);

  private Numerics() {}

  /** The clamped logarithm. NaN stays NaN. */
  static double clampLog(double given) {
    return Math.min(Math.max(given, MIN_LOG), MAX_LOG);
  }

  /** A gradient with respect to a clamped logarithm: 0 outside the clamp. */
  static double insideClamp(double given, double gradient) {
    return given < MIN_LOG || given > MAX_LOG ? 0 : gradient;
  }

  static double sigmoid(double l) {
    double e = Elementary.exp(-Math.abs(l));
    return (l >= 0 ? 1 : e) / (1 + e);
  }

  /** log(1 + exp(l)). */
  static double softplus(double l) {
    return Math.max(l, 0) + Elementary.log1p(Elementary.exp(-Math.abs(l)));
  }

  /** log(1 - exp(-a)) for a above 0 (Maechler 2012, "Accurately computing log(1 - exp(-|a|))"). */
  static double log1mExp(double a) {
    return a < LOG_TWO
        ? Elementary.log(-Elementary.expm1(-a))
        : Elementary.log1p(-Elementary.exp(-a));
  }

  /** Replaces logits by probabilities and returns the logits' logsumexp. */
  static double softmax(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Elementary.exp(logit - max);
    }
    double logSum = max + Elementary.log(sum);
    for (int k = 0; k < logits.length; k++) {
      logits[k] = Elementary.exp(logits[k] - logSum);
    }
    return logSum;
  }

  /** Whether x is one of 0, 1, 2, ... */
  static boolean isCount(double x) {
    return x >= 0 && x == Math.rint(x) && !Double.isInfinite(x);
  }
}
