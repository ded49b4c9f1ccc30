// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

/**
 * The logarithm of the gamma function of DOUBLE tensors, for arguments above 0: Stirling's series
 * (Abramowitz and Stegun 6.1.40) from 10 on, reached from below by recurrence, as the likelihoods
 * compute it.
 */
final class GammaGraph {
  private static final int ASYMPTOTIC = 10;
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  /** B(2n) / (2n (2n - 1)), n from 1, B the Bernoulli numbers. */
  private static final double[] SERIES = {
    1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156
  };

  private GammaGraph() {}

  /** log Gamma(z). */
  static Value logGamma(Value z) {
    Value small = z.below(ASYMPTOTIC);
    Value low = z.atMost(ASYMPTOTIC);
    Value product = low;
    for (int i = 1; i < ASYMPTOTIC; i++) {
      product = product.times(low.plus(i));
    }
    Value shifted = small.choose(z.plus(ASYMPTOTIC), z);
    Value stirling =
        shifted
            .plus(-0.5)
            .times(shifted.log())
            .minus(shifted)
            .plus(HALF_LOG_TWO_PI)
            .plus(remainder(shifted));
    return stirling.minus(small.choose(product.log(), z.number(0)));
  }

  /** log x!; exactly 0 for 0 and 1. */
  static Value logFactorial(Value x) {
    return x.below(2).choose(x.number(0), logGamma(x.plus(1)));
  }

  /** log(Gamma(z + x) / (Gamma(z) z^x)) without cancellation for large z. */
  static Value logRising(Value z, Value x) {
    Value sum = z.plus(x);
    Value near = logGamma(sum).minus(logGamma(z)).minus(x.times(z.log()));
    Value far =
        sum.plus(-0.5).times(x.over(z).log1p()).minus(x).plus(remainder(sum)).minus(remainder(z));
    return z.below(ASYMPTOTIC).choose(near, far);
  }

  /** log Gamma(z) less Stirling's formula. */
  private static Value remainder(Value z) {
    Value s = z.number(1).over(z.squared());
    Value sum = z.number(SERIES[SERIES.length - 1]);
    for (int i = SERIES.length - 2; i >= 0; i--) {
      sum = sum.times(s).plus(SERIES[i]);
    }
    return sum.over(z);
  }
}
