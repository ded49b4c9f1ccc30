// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.metrics.Moments;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.numeric.Elementary;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Turn;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;

/**
 * Computes bounds, likelihoods, scores and codes of data sets. It keeps its last plans, so that
 * evaluations after each epoch, and calls with a few rows each, plan once. The data's width must be
 * the model's. Means over rows are weighted if the rows have weights; missing values are ignored.
 * For one thread at a time.
 */
public final class Evaluator implements AutoCloseable {
  private static final String LOG_LIKELIHOOD = "log p(x)";

  private final Backend backend;
  private final VaeSpec spec;
  private final Parameters parameters;
  private final EvaluationPlans plans;

  /**
   * An evaluator of a model, with the values of the parameters at each call.
   *
   * @param backend that computes; the caller closes it
   * @param spec the model
   * @param parameters of the model; the caller closes them
   */
  public Evaluator(Backend backend, VaeSpec spec, Parameters parameters) {
    this.backend = backend;
    this.spec = spec;
    this.parameters = parameters;
    plans = new EvaluationPlans(backend, spec, parameters);
  }

  /**
   * The bound and its terms.
   *
   * @param data the rows
   * @param samples Monte-Carlo samples per row
   * @param seed of the noise
   * @return means over rows
   */
  public Evaluation evaluate(DataSet data, int samples, long seed) {
    EvaluationMeans means = new EvaluationMeans(spec);
    forEachRow(
        data,
        samples,
        seed,
        (row, index) -> {
          double weight = data.weight(index);
          if (weight > 0) {
            row.requireFinite(data, index);
          }
          means.add(row, weight);
        });
    return means.evaluation(data.rows(), samples);
  }

  /**
   * The bound and its terms for each row.
   *
   * @param data the rows
   * @param samples Monte-Carlo samples per row
   * @param seed of the noise
   * @return one score per row
   */
  public RowScores score(DataSet data, int samples, long seed) {
    RowScores scores =
        new RowScores(new double[data.rows()], new double[data.rows()], new double[data.rows()]);
    forEachRow(
        data,
        samples,
        seed,
        (row, index) -> {
          row.requireFinite(data, index);
          scores.elbo()[index] = row.elbo();
          scores.reconstruction()[index] = row.reconstruction();
          scores.kl()[index] = row.kl();
        });
    return scores;
  }

  /**
   * The row that a model takes worst.
   *
   * @param row its number
   * @param elbo its bound, nats; may be NaN or infinite
   */
  public record Worst(int row, double elbo) {}

  /**
   * The row with the lowest bound, or the first one whose bound is not finite, to explain a
   * failure.
   *
   * @param data the rows
   * @return the row
   */
  public Worst worst(DataSet data) {
    Worst[] worst = {new Worst(-1, 0)};
    forEachRow(
        data,
        1,
        0,
        (row, index) -> {
          double elbo = row.elbo();
          boolean lower = worst[0].row < 0 || !Double.isFinite(elbo) || elbo < worst[0].elbo;
          if (lower && Double.isFinite(worst[0].elbo)) {
            worst[0] = new Worst(index, elbo);
          }
        });
    return worst[0];
  }

  private void forEachRow(DataSet data, int samples, long seed, ObjIntConsumer<RowTerms> sink) {
    try (Turn turn = backend.turn().take()) {
      int columns = spec.posteriorColumns();
      int batch = PassRows.evaluated(parameters.layout(), data.rows(), samples);
      StagedRows.Source source = StagedRows.Source.of(spec, data);
      EvaluationPlan passes = plans.get(source.form(), batch, samples, seed);
      float[] nll = passes.floats(samples);
      float[] logRatio = passes.floats(samples);
      float[] kl = passes.floats(1);
      float[] head = passes.floats(columns);
      double[] logPosterior = new double[passes.batch() * samples];
      for (int first = 0; first < data.rows(); first += batch) {
        int count = Math.min(batch, data.rows() - first);
        passes.encode(source, first, count);
        passes.sample(first);
        passes.results.nll().buffer().read(nll);
        passes.results.logRatio().buffer().read(logRatio);
        passes.results.kl().buffer().read(kl);
        passes.results.head().buffer().read(head);
        Arrays.fill(logPosterior, 0);
        passes.results.levels().forEach(level -> PosteriorCodes.addLogDensity(level, logPosterior));
        for (int row = 0; row < count; row++) {
          double nlls = 0;
          double ratios = 0;
          double posteriors = 0;
          for (int r = row * samples; r < (row + 1) * samples; r++) {
            nlls += nll[r];
            ratios += logRatio[r];
            posteriors += logPosterior[r];
          }
          double likelihood = data.logJacobian(first + row) - nlls / samples;
          sink.accept(
              new RowTerms(likelihood, kl[row], ratios / samples, posteriors / samples, head, row),
              first + row);
        }
      }
    }
  }

  /**
   * log p(x) by importance sampling, in chunks; the reconstructions of a chunk are not kept.
   *
   * @param data the rows
   * @param samples S, importance samples per row
   * @param seed of the noise
   * @return mean over rows, with its standard error and the effective sample size
   */
  public LogLikelihood logLikelihood(DataSet data, int samples, long seed) {
    long start = System.nanoTime();
    Moments logp = new Moments();
    Moments effective = new Moments();
    forEachWeight(
        data,
        samples,
        seed,
        (row, log, size) -> {
          double weight = data.weight(row);
          if (weight > 0) {
            NotFinite.refuse(LOG_LIKELIHOOD, log, data, row);
          }
          logp.add(log, weight);
          effective.add(size, weight);
        });
    return new LogLikelihood(
        data.rows(),
        samples,
        logp.mean(),
        logp.standardError(),
        effective.mean(),
        (double) data.rows() * samples * 1e9 / (System.nanoTime() - start));
  }

  /**
   * log p(x) of each row by importance sampling.
   *
   * @param data the rows
   * @param samples S, importance samples per row
   * @param seed of the noise
   * @return one a row, nats
   */
  public double[] rowLogLikelihoods(DataSet data, int samples, long seed) {
    double[] logs = new double[data.rows()];
    forEachWeight(
        data,
        samples,
        seed,
        (row, log, size) -> {
          NotFinite.refuse(LOG_LIKELIHOOD, log, data, row);
          logs[row] = log;
        });
    return logs;
  }

  /** Takes log p(x) of a row, and the effective size of its sample. */
  private interface WeightSink {
    void accept(int row, double log, double effectiveSize);
  }

  private void forEachWeight(DataSet data, int samples, long seed, WeightSink sink) {
    try (Turn turn = backend.turn().take()) {
      int chunk = Math.min(samples, PassRows.MOST_SAMPLES);
      int chunks = samples / chunk;
      int rest = samples % chunk;
      int batch = PassRows.weighed(parameters.layout(), data.rows(), chunk);
      StagedRows.Source source = StagedRows.Source.of(spec, data);
      EvaluationPlan main = plans.get(source.form(), batch, chunk, seed);
      try (EvaluationPlan last =
          rest == 0
              ? null
              : new EvaluationPlan(
                  backend, spec, parameters, source.form(), main.batch(), rest, seed, false)) {
        for (int first = 0; first < data.rows(); first += batch) {
          int count = Math.min(batch, data.rows() - first);
          long step = (long) first * (chunks + 1);
          LogSums sums = new LogSums(main.weigh(source, first, count, step, chunks));
          if (last != null) {
            sums.add(last.weigh(source, first, count, step + chunks, 1));
          }
          for (int row = 0; row < count; row++) {
            double shift = data.logJacobian(first + row);
            double log = sums.logSum(row) - Elementary.log(samples) + shift;
            sink.accept(first + row, log, sums.effectiveSampleSize(row));
          }
        }
      }
    }
  }

  /**
   * The posterior of each row: mean and log variance of each dimension. For a planar flow they are
   * the image of the Gaussian's mean under the maps, and the Gaussian's log variance.
   *
   * @param data the rows
   * @return means and log variances
   */
  public Codes encode(DataSet data) {
    try (Turn turn = backend.turn().take()) {
      int latent = spec.latent();
      int batch = PassRows.evaluated(parameters.layout(), data.rows(), 1);
      StagedRows.Source source = StagedRows.Source.of(spec, data);
      EvaluationPlan passes = plans.get(source.form(), batch, 1, 0);
      int columns = spec.posteriorColumns();
      float[] head = passes.floats(columns);
      PosteriorCodes codes = new PosteriorCodes(spec);
      Matrix mean = Matrix.zeros(data.rows(), latent);
      Matrix logvar = Matrix.zeros(data.rows(), latent);
      for (int first = 0; first < data.rows(); first += batch) {
        int count = Math.min(batch, data.rows() - first);
        passes.encode(source, first, count);
        passes.results.head().buffer().read(head);
        for (int row = 0; row < count; row++) {
          codes.read(head, row, mean.values(), logvar.values(), first + row);
          refuse(mean, first + row, data, first + row);
          refuse(logvar, first + row, data, first + row);
        }
      }
      return new Codes(mean, logvar);
    }
  }

  /**
   * Draws of the posterior of each row.
   *
   * @param data the rows
   * @param samples draws of each row
   * @param seed of the noise, which is that of {@link #score}
   * @return (rows samples, latent), with the draws of a row adjacent
   */
  public Matrix posteriorSamples(DataSet data, int samples, long seed) {
    try (Turn turn = backend.turn().take()) {
      int batch = PassRows.evaluated(parameters.layout(), data.rows(), samples);
      StagedRows.Source source = StagedRows.Source.of(spec, data);
      EvaluationPlan passes = plans.get(source.form(), batch, samples, seed);
      int columns = samples * spec.latent();
      Matrix codes = Matrix.zeros(Math.multiplyExact(data.rows(), samples), spec.latent());
      for (int first = 0; first < data.rows(); first += batch) {
        int count = Math.min(batch, data.rows() - first);
        passes.encode(source, first, count);
        passes.sample(first);
        float[] z = passes.results.levels().get(0).z().toFloats();
        System.arraycopy(z, 0, codes.values(), first * columns, count * columns);
      }
      for (int row = 0; row < codes.rows(); row++) {
        refuse(codes, row, data, row / samples);
      }
      return codes;
    }
  }

  private static void refuse(Matrix codes, int code, DataSet data, int row) {
    for (int j = 0; j < codes.columns(); j++) {
      NotFinite.refuse("the code", codes.at(code, j), data, row);
    }
  }

  @Override
  public void close() {
    plans.close();
  }
}
