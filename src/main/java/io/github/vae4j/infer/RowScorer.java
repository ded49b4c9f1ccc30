// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.metrics.LogSumExp;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.numeric.Elementary;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Scores rows, each with the same samples of the noise: equal rows have equal scores, wherever they
 * are and however many are scored at once, and differences between rows have no noise of their own.
 * For one thread at a time.
 */
public final class RowScorer implements AutoCloseable {
  /** Samples of a pass: its tensors stay in the processor's second cache. */
  private static final int PASS_SAMPLES = 2048;

  /** Outputs of the decoder of a pass: 16 MiB. */
  private static final int PASS_OUTPUTS = 1 << 22;

  private final Backend backend;
  private final VaeSpec spec;
  private final Parameters parameters;
  private final DataSet rows;
  private final StagedRows.Source source;
  private final int samples;
  private final long seed;
  private final int batch;
  private final Arena arena = new Arena();
  private final Map<Integer, Passes> passes = new HashMap<>();
  private @Nullable Passes last;
  private int lastFirst;
  private int lastCount;

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

  /** The plan for so many rows, and its results. */
  private static final class Passes {
    private final EvaluationPlan plan;
    private final float[] nll;
    private final float[] logRatio;
    private final float[] kl;
    private float @Nullable [] outputs;

    private Passes(EvaluationPlan plan, int batch, int samples) {
      this.plan = plan;
      nll = new float[batch * samples];
      logRatio = new float[batch * samples];
      kl = new float[batch];
    }

    private void run(StagedRows.Source source, int first, int count) {
      plan.encode(source, first, count);
      plan.sample(0);
      plan.results.nll().buffer().read(nll);
      plan.results.logRatio().buffer().read(logRatio);
      plan.results.kl().buffer().read(kl);
      outputs = null;
    }

    private float[] outputs() {
      if (outputs == null) {
        outputs = plan.results.output().toFloats();
      }
      return outputs;
    }

    private double logWeight(int sample) {
      return (double) logRatio[sample] - nll[sample];
    }
  }

  /**
   * A scorer of a model. It plans a pass when it first has so many rows.
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
    this.spec = spec;
    this.parameters = parameters;
    this.rows = rows;
    this.source = StagedRows.Source.of(spec, rows);
    this.samples = samples;
    this.seed = seed;
    this.batch = batch(spec, samples);
    try (Turn turn = backend.turn().take()) {
      passes(1);
    }
  }

  /**
   * The number of rows for which one pass is fastest.
   *
   * @param spec the model
   * @param samples Monte-Carlo samples of each row
   * @return a power of two
   * @throws IllegalArgumentException if the samples are fewer than 1
   */
  public static int batch(VaeSpec spec, int samples) {
    if (samples < 1) {
      throw new IllegalArgumentException("samples: expected 1 or more, given " + samples);
    }
    long outputs = (long) samples * spec.likelihood().parameters(spec.features());
    long most = Math.min(PASS_SAMPLES / samples, PASS_OUTPUTS / outputs);
    return Math.toIntExact(Math.max(1, Long.highestOneBit(most)));
  }

  /** The passes of the least size for so many rows. */
  private Passes passes(int count) {
    int size = backend.rowsAreIndependent() ? Math.min(batch, ceilingPowerOfTwo(count)) : batch;
    return passes.computeIfAbsent(
        size,
        own ->
            new Passes(
                arena.own(
                    new EvaluationPlan(
                        backend,
                        spec,
                        parameters,
                        source.form(),
                        own,
                        samples,
                        seed,
                        /* equalNoise= */ true)),
                own,
                samples));
  }

  private static int ceilingPowerOfTwo(int count) {
    int power = Integer.highestOneBit(count);
    return power == count ? count : 2 * power;
  }

  /**
   * Scores a row.
   *
   * @param row its number
   * @return its score
   * @throws io.github.vae4j.VaeException if the score is not finite; it names the row
   */
  public Score score(int row) {
    return score(row, 1).get(0);
  }

  /**
   * Scores adjacent rows.
   *
   * @param first the number of the first
   * @param count the number of rows, 1 or more
   * @return their scores
   * @throws io.github.vae4j.VaeException if a score is not finite; it names the row
   */
  public List<Score> score(int first, int count) {
    Objects.checkFromIndexSize(first, count, rows.rows());
    try (Turn turn = backend.turn().take()) {
      List<Score> scores = new ArrayList<>(count);
      for (int done = 0; done < count; done += lastCount) {
        lastFirst = first + done;
        lastCount = Math.min(batch, count - done);
        last = passes(lastCount);
        last.run(source, lastFirst, lastCount);
        for (int i = 0; i < lastCount; i++) {
          scores.add(read(last, i, lastFirst + i));
        }
      }
      return scores;
    }
  }

  private Score read(Passes pass, int place, int row) {
    int begin = place * samples;
    double sum = 0;
    LogSumExp likelihood = new LogSumExp();
    for (int l = begin; l < begin + samples; l++) {
      sum -= pass.nll[l];
      likelihood.add(pass.logWeight(l));
    }
    double mean = sum / samples;
    double squares = 0;
    for (int l = begin; l < begin + samples; l++) {
      squares += (pass.nll[l] + mean) * (pass.nll[l] + mean);
    }
    double shift = rows.logJacobian(row);
    double error = samples == 1 ? Double.NaN : Math.sqrt(squares / (samples - 1) / samples);
    double logLikelihood = likelihood.value() - Elementary.log(samples) + shift;
    Score score = new Score(shift + mean, pass.kl[place], error, logLikelihood);
    NotFinite.refuse("the ELBO", score.elbo(), rows, row);
    return score;
  }

  /** The place of a row in the last pass. */
  private int place(int row) {
    int place = row - lastFirst;
    if (last == null || place < 0 || place >= lastCount) {
      throw new IllegalArgumentException(
          "row: expected one of the last pass, "
              + (last == null ? "which there was none of" : lastCount + " from " + lastFirst)
              + ", given "
              + row);
    }
    return place;
  }

  /**
   * The parameters of the likelihood for each sample of a row of the last pass: of the row, or the
   * last {@link #batch} rows, that were scored last.
   *
   * @param row its number
   * @return (samples, outputs and shared parameters), as {@link
   *     io.github.vae4j.likelihood.Likelihood} takes them
   */
  public double[][] outputs(int row) {
    try (Turn turn = backend.turn().take()) {
      int begin = place(row) * samples;
      int width = spec.likelihood().parameters(spec.features());
      float[] all = Objects.requireNonNull(last).outputs();
      return SampleOutputs.of(all, begin, samples, width, parameters.shared());
    }
  }

  /**
   * The importance weights of the samples of a row of the last pass: p(x, z) / q(z|x).
   *
   * @param row its number
   * @return one for each sample, with the sum 1
   */
  public double[] weights(int row) {
    int begin = place(row) * samples;
    Passes pass = Objects.requireNonNull(last);
    LogSumExp sum = new LogSumExp();
    for (int l = begin; l < begin + samples; l++) {
      sum.add(pass.logWeight(l));
    }
    double[] weights = new double[samples];
    for (int l = 0; l < samples; l++) {
      weights[l] = Elementary.exp(pass.logWeight(begin + l) - sum.value());
    }
    return weights;
  }

  @Override
  public void close() {
    try (Turn turn = backend.turn().takeToFree()) {
      arena.close();
    }
  }
}
