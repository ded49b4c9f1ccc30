// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.likelihood;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A row is the counts of N draws from softmax(l), l the decoder's outputs, one logit per feature
 * (Liang et al. 2018, "Variational autoencoders for collaborative filtering", section 2.1): for
 * rows whose total is not of interest, such as purchases, clicks or words. A mass of the row given
 * its total N = sum x. {@code nll = sum_d log x[d]! - log N! - sum_d x[d] log softmax(l)[d]},
 * {@code gradient = N softmax(l) - x}. Missing features are left out of N and of the softmax, which
 * gives the mass of the observed counts given their total. A row without counts has nll 0.
 *
 * @param total the N of means and samples, for which there is no row; the only constant
 */
public record Multinomial(int total) implements Likelihood {
  /** The registry's name. */
  public static final String NAME = "multinomial";

  /** Checks the total. {@inheritDoc} */
  public Multinomial {
    if (total < 1) {
      throw new IllegalArgumentException(NAME + ": total: expected 1 or more, given " + total);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double[] constants() {
    return new double[] {total};
  }

  @Override
  public int parameters(int features) {
    return features;
  }

  @Override
  public boolean isDensity() {
    return false;
  }

  @Override
  public String support() {
    return "counts: 0, 1, 2, ...";
  }

  @Override
  public boolean supports(int feature, double x) {
    return Numerics.isCount(x);
  }

  @Override
  public double negativeLogLikelihood(
      double[] parameters, double[] x, boolean @Nullable [] observed, double[] gradient) {
    double count = 0;
    double factorials = 0;
    double likely = 0;
    boolean empty = true;
    for (int d = 0; d < x.length; d++) {
      boolean here = observed == null || observed[d];
      gradient[d] = here ? parameters[d] : Double.NEGATIVE_INFINITY;
      if (here) {
        empty = false;
        count += x[d];
        factorials += GammaFunctions.logFactorial(x[d]);
        likely += x[d] * parameters[d];
      }
    }
    if (empty) {
      Arrays.fill(gradient, 0);
      return 0;
    }
    double logSum = Numerics.softmax(gradient);
    for (int d = 0; d < x.length; d++) {
      gradient[d] = observed == null || observed[d] ? count * gradient[d] - x[d] : 0;
    }
    return factorials - GammaFunctions.logFactorial(count) + count * logSum - likely;
  }

  @Override
  public void mean(double[] parameters, double[] mean) {
    System.arraycopy(parameters, 0, mean, 0, mean.length);
    Numerics.softmax(mean);
    for (int d = 0; d < mean.length; d++) {
      mean[d] *= total;
    }
  }

  @Override
  public void sample(double[] parameters, RandomGenerator random, double[] sample) {
    double[] probabilities = parameters.clone();
    Numerics.softmax(probabilities);
    Sampling.multinomial(total, probabilities, random, sample);
  }

  @Override
  public String toString() {
    return LikelihoodText.of(NAME, "total", total);
  }
}
