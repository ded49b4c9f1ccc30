// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.metrics.Moments;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.numeric.Elementary;
import io.github.vae4j.tensor.Turn;
import java.util.Arrays;

/**
 * Annealed importance sampling of log p(x) (Neal 2001, "Annealed importance sampling"; Wu, Burda,
 * Salakhutdinov and Grosse 2017, "On the quantitative analysis of decoder-based generative
 * models"). A chain starts at z_0 from the prior and moves through f_t(z) = p(z) p(x|z)^beta_t, 0 =
 * beta_0 &lt; ... &lt; beta_T = 1: {@code log w = sum_t (beta_t - beta_{t-1}) log p(x | z_{t-1})},
 * z_t from z_{t-1} by a transition that leaves f_t invariant. E[w] = p(x) for every T; the variance
 * falls with T.
 *
 * <p>The temperatures are spaced as a sigmoid from -4 to 4, closer at both ends. A first pass
 * through fewer temperatures adapts each row's step size to an acceptance rate of 65 %. The second
 * pass, which gives the estimate, uses these step sizes and adapts nothing: E[w] = p(x) does not
 * hold if transitions depend on earlier ones.
 */
public final class AnnealedImportance {
  private static final int CHAINS_AT_ONCE = 1000;
  private static final double SIGMOID_END = 4;
  private static final double TARGET_ACCEPTANCE = 0.65;
  private static final double ADAPTATION = 1;
  private static final double FIRST_STEP_SIZE = 0.3;
  private static final double LEAST_STEP_SIZE = 1e-4;
  private static final double MOST_STEP_SIZE = 1.5;
  private static final int TUNING_PART = 5;
  private static final int TUNING_LEAST = 20;
  private static final long TUNING_STEPS = 1L << 40;

  private final Backend backend;
  private final VaeSpec spec;
  private final Parameters parameters;

  /**
   * An estimator for a model, with the values of the parameters at each call.
   *
   * @param backend that computes; the caller closes it
   * @param spec the model
   * @param parameters of the model; the caller closes them
   */
  public AnnealedImportance(Backend backend, VaeSpec spec, Parameters parameters) {
    this.backend = backend;
    this.spec = spec;
    this.parameters = parameters;
  }

  /**
   * Estimates log p(x).
   *
   * @param data the rows
   * @param options chains, temperatures and leapfrog steps
   * @param seed of the noise
   * @return the mean over rows, with its standard errors
   */
  public AnnealedLikelihood logLikelihood(DataSet data, AnnealOptions options, long seed) {
    try (Turn turn = backend.turn().take()) {
      long start = System.nanoTime();
      int chains = options.chains();
      int batch = Math.max(1, Math.min(data.rows(), CHAINS_AT_ONCE / chains));
      Moments logp = new Moments();
      Moments effective = new Moments();
      Moments acceptance = new Moments();
      double variance = 0;
      double total = 0;
      try (LatentEnergy energy = new LatentEnergy(backend, spec, parameters, data, batch, chains)) {
        AnnealedChains states =
            new AnnealedChains(energy, batch, chains, spec.latent(), options.leapfrogs(), seed);
        for (int first = 0; first < data.rows(); first += batch) {
          int count = Math.min(batch, data.rows() - first);
          energy.read(first, count);
          double[][] stepSizes = tune(states, first, tuningTemperatures(options));
          double[] logWeights =
              anneal(
                  states,
                  data,
                  new Part(first, count),
                  options.temperatures(),
                  stepSizes,
                  acceptance);
          for (int row = 0; row < count; row++) {
            ChainWeights weights = ChainWeights.of(logWeights, row * chains, chains);
            double weight = data.weight(first + row);
            if (weight > 0) {
              NotFinite.refuse("log p(x)", weights.logMean(), data, first + row);
              variance += weight * weight * weights.variance();
              total += weight;
            }
            logp.add(weights.logMean() + data.logJacobian(first + row), weight);
            effective.add(weights.effective(), weight);
          }
        }
      }
      return new AnnealedLikelihood(
          data.rows(),
          chains,
          options.temperatures(),
          options.leapfrogs(),
          logp.mean(),
          logp.standardError(),
          Math.sqrt(variance) / total,
          effective.mean(),
          options.temperatures() == 1 ? Double.NaN : acceptance.mean(),
          (double) data.rows() * 1e9 / (System.nanoTime() - start));
    }
  }

  /**
   * beta_0 = 0 to beta_T = 1: the values of a sigmoid from -4 to 4, shifted and scaled to [0, 1].
   */
  static double[] powers(int temperatures) {
    double low = sigmoid(-SIGMOID_END);
    double high = sigmoid(SIGMOID_END);
    double[] powers = new double[temperatures + 1];
    for (int t = 1; t < temperatures; t++) {
      double at = sigmoid(SIGMOID_END * (2.0 * t / temperatures - 1));
      powers[t] = (at - low) / (high - low);
    }
    powers[temperatures] = 1;
    return powers;
  }

  private static double sigmoid(double value) {
    return 1 / (1 + Elementary.exp(-value));
  }

  private static int tuningTemperatures(AnnealOptions options) {
    int temperatures = options.temperatures();
    return temperatures == 1 ? 0 : Math.max(TUNING_LEAST, temperatures / TUNING_PART);
  }

  /** The step size of each row at each temperature, from a pass whose weights are not used. */
  private static double[][] tune(AnnealedChains states, int first, int temperatures) {
    double[][] stepSizes = new double[temperatures][];
    if (temperatures == 0) {
      return stepSizes;
    }
    double[] powers = powers(temperatures);
    Arrays.fill(states.stepSize, FIRST_STEP_SIZE);
    states.begin(first, TUNING_STEPS);
    for (int t = 1; t <= temperatures; t++) {
      states.move(powers[t], TUNING_STEPS + t);
      for (int row = 0; row < states.stepSize.length; row++) {
        double change = ADAPTATION * (states.acceptance[row] - TARGET_ACCEPTANCE);
        double size = states.stepSize[row] * Elementary.exp(change);
        states.stepSize[row] = Math.min(Math.max(size, LEAST_STEP_SIZE), MOST_STEP_SIZE);
      }
      stepSizes[t - 1] = states.stepSize.clone();
    }
    return stepSizes;
  }

  /** The rows of a batch. */
  private record Part(int first, int count) {}

  /** The log weight of each chain. */
  private static double[] anneal(
      AnnealedChains states,
      DataSet data,
      Part part,
      int temperatures,
      double[][] stepSizes,
      Moments acceptance) {
    double[] powers = powers(temperatures);
    states.begin(part.first, 0);
    double[] logWeights = new double[states.chains()];
    for (int t = 1; t <= temperatures; t++) {
      for (int chain = 0; chain < logWeights.length; chain++) {
        logWeights[chain] += (powers[t] - powers[t - 1]) * states.logLikelihood(chain);
      }
      // After the last temperature the weight is complete; a transition would not change it.
      if (t < temperatures) {
        int tuned = (int) ((long) t * stepSizes.length / temperatures);
        System.arraycopy(stepSizes[tuned], 0, states.stepSize, 0, states.stepSize.length);
        states.move(powers[t], t);
        for (int row = 0; row < part.count; row++) {
          acceptance.add(states.acceptance[row], data.weight(part.first + row));
        }
      }
    }
    return logWeights;
  }
}
