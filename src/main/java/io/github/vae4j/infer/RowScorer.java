// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.tensor.Turn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scores rows one after the other, each with the same samples of the noise: equal rows have equal
 * scores, wherever they are, and differences between rows have no noise of their own. For one
 * thread at a time.
 */
public final class RowScorer implements AutoCloseable {
  private final Backend backend;
  private final DataSet rows;
  private final int samples;
  private final EvaluationPlan plan;
  private final @Nullable Tensor shared;
  private final float[] nll;
  private final float[] logRatio;
  private final float[] kl = new float[1];
  private final float[] output;

  /**
   * The score of a row, in nats.
   *
   * @param reconstruction mean of log p(x|z) over the samples
   * @param kl analytic, or estimated if there is no closed form
   * @param error the standard error of {@code reconstruction - kl} by the number of samples; NaN
   *     for one sample
   * @param logLikelihood log p(x) by importance sampling with the same samples
   */
  public record Score(double reconstruction, double kl, double error, double logLikelihood) {
    /**
     * The evidence lower bound.
     *
     * @return reconstruction - kl
     */
    public double elbo() {
      return reconstruction - kl;
    }
  }

  /**
   * Plans the passes.
   *
   * @param backend that computes; the caller closes it
   * @param spec the model
   * @param parameters of the model; the caller closes them
   * @param rows the rows, whose values may change between two calls
   * @param samples Monte-Carlo samples of each row
   * @param seed of the noise
   */
  public RowScorer(
      Backend backend, VaeSpec spec, Parameters parameters, DataSet rows, int samples, long seed) {
    this.backend = backend;
    this.rows = rows;
    this.samples = samples;
    this.shared = parameters.shared();
    try (Turn turn = backend.turn().take()) {
      plan = new EvaluationPlan(backend, spec, parameters, rows, /* batch= */ 1, samples, seed);
    }
    nll = new float[samples];
    logRatio = new float[samples];
    output = new float[samples * spec.likelihood().parameters(spec.features())];
  }

  /**
   * Scores a row.
   *
   * @param row its number
   * @return its score
   * @throws io.github.vae4j.VaeException if the score is not finite; it names the row
   */
  public Score score(int row) {
    try (Turn turn = backend.turn().take()) {
      plan.encode(row, 1);
      plan.sample(0);
      plan.nll.buffer().read(nll);
      plan.logRatio.buffer().read(logRatio);
      plan.kl.buffer().read(kl);
      double shift = rows.logJacobian(row);
      double sum = 0;
      for (float loss : nll) {
        sum -= loss;
      }
      double mean = sum / samples;
      double squares = 0;
      double[] weights = new double[samples];
      for (int l = 0; l < samples; l++) {
        squares += (nll[l] + mean) * (nll[l] + mean);
        weights[l] = logRatio[l] - nll[l];
      }
      double error = samples == 1 ? Double.NaN : Math.sqrt(squares / (samples - 1) / samples);
      double logLikelihood = logMeanExp(weights) + shift;
      Score score = new Score(shift + mean, kl[0], error, logLikelihood);
      NotFinite.refuse("the ELBO", score.elbo(), rows, row);
      return score;
    }
  }

  private static double logMeanExp(double[] values) {
    double most = Arrays.stream(values).max().orElse(0);
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - most);
    }
    return most + Math.log(sum / values.length);
  }

  /**
   * The parameters of the likelihood for each sample of the row that was scored last.
   *
   * @return (samples, outputs and shared parameters), as {@link
   *     io.github.vae4j.likelihood.Likelihood} takes them
   */
  public double[][] outputs() {
    try (Turn turn = backend.turn().take()) {
      plan.output.buffer().read(output);
      float[] common = shared == null ? new float[0] : shared.toFloats();
      int width = output.length / samples;
      double[][] outputs = new double[samples][width + common.length];
      for (int l = 0; l < samples; l++) {
        for (int i = 0; i < width; i++) {
          outputs[l][i] = output[l * width + i];
        }
        for (int i = 0; i < common.length; i++) {
          outputs[l][width + i] = common[i];
        }
      }
      return outputs;
    }
  }

  /**
   * The importance weights of the samples of the row that was scored last: p(x, z) / q(z|x).
   *
   * @return one for each sample, with the sum 1
   */
  public double[] weights() {
    double[] weights = new double[samples];
    double most = Double.NEGATIVE_INFINITY;
    for (int l = 0; l < samples; l++) {
      weights[l] = logRatio[l] - nll[l];
      most = Math.max(most, weights[l]);
    }
    double sum = 0;
    for (int l = 0; l < samples; l++) {
      weights[l] = Math.exp(weights[l] - most);
      sum += weights[l];
    }
    for (int l = 0; l < samples; l++) {
      weights[l] /= sum;
    }
    return weights;
  }

  @Override
  public void close() {
    try (Turn turn = backend.turn().takeToFree()) {
      plan.close();
    }
  }
}
