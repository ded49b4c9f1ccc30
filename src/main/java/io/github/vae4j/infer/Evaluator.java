// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.metrics.Moments;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Turn;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Computes bounds, likelihoods, scores and codes of data sets. It keeps its last plan, so that
 * evaluations after each epoch allocate once. The data's width must be the model's. Means over rows
 * are weighted if the rows have weights; missing values are ignored. For one thread at a time.
 */
public final class Evaluator implements AutoCloseable {
  private static final int BATCH = 500;
  private static final int ROWS = 2000;
  private static final int CHUNK = 100;
  private static final String LOG_LIKELIHOOD = "log p(x)";
  private static final double ACTIVE_VARIANCE = 0.01;

  private final Backend backend;
  private final VaeSpec spec;
  private final Parameters parameters;
  private @Nullable PlanKey planned;
  private @Nullable EvaluationPlan plan;

  private record PlanKey(DataSet data, int batch, int samples, long seed) {}

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
  }

  /**
   * The terms of a row.
   *
   * @param reconstruction mean of log p(x|z)
   * @param kl analytic, or estimated if there is no closed form
   * @param logRatio mean of log p(z) - log q(z|x)
   * @param logPosterior mean of log q(z|x)
   * @param head the encoder's output for its batch
   * @param number of the row in its batch
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Row(
      double reconstruction,
      double kl,
      double logRatio,
      double logPosterior,
      float[] head,
      int number) {
    double elbo() {
      return reconstruction - kl;
    }

    void requireFinite(DataSet data, int index) {
      NotFinite.refuse("the ELBO", elbo(), data, index);
      NotFinite.refuse("the log density of the samples", logRatio + logPosterior, data, index);
    }
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
    int latent = spec.latent();
    boolean levels = spec.latents().top() != null;
    Moments elbo = new Moments();
    Moments reconstruction = new Moments();
    Moments kl = new Moments();
    Moments entropy = new Moments();
    Moments sampledElbo = new Moments();
    Moments sampledKl = new Moments();
    Moments sampledEntropy = new Moments();
    PosteriorCodes codes = new PosteriorCodes(spec);
    float[] mean = new float[latent];
    float[] logvars = new float[latent];
    Moments[] means = moments(latent);
    Moments[] klPerDimension = moments(latent);
    forEachRow(
        data,
        samples,
        seed,
        (row, index) -> {
          double weight = data.weight(index);
          if (weight > 0) {
            row.requireFinite(data, index);
          }
          elbo.add(row.elbo(), weight);
          reconstruction.add(row.reconstruction, weight);
          kl.add(row.kl, weight);
          sampledElbo.add(row.reconstruction + row.logRatio, weight);
          sampledKl.add(-row.logRatio, weight);
          sampledEntropy.add(-row.logPosterior, weight);
          double closed = codes.read(row.head, row.number, mean, logvars, 0);
          for (int j = 0; j < latent; j++) {
            double marginal = Reparameterize.clamp(logvars[j]);
            means[j].add(mean[j], weight);
            double square = (double) mean[j] * mean[j];
            klPerDimension[j].add((Math.exp(marginal) + square - 1 - marginal) / 2, weight);
          }
          entropy.add(levels || Double.isNaN(closed) ? -row.logPosterior : closed, weight);
        });
    double[] klMeans = new double[latent];
    int active = 0;
    for (int j = 0; j < latent; j++) {
      klMeans[j] = klPerDimension[j].mean();
      active += means[j].variance() > ACTIVE_VARIANCE ? 1 : 0;
    }
    return new Evaluation(
        data.rows(),
        samples,
        elbo.mean(),
        elbo.standardError(),
        reconstruction.mean(),
        kl.mean(),
        elbo.mean() - entropy.mean(),
        entropy.mean(),
        klMeans,
        active,
        new Evaluation.Sampled(
            sampledElbo.mean(),
            sampledElbo.standardError(),
            sampledKl.mean(),
            sampledElbo.mean() - sampledEntropy.mean(),
            sampledEntropy.mean()));
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
          scores.reconstruction()[index] = row.reconstruction;
          scores.kl()[index] = row.kl;
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

  private void forEachRow(DataSet data, int samples, long seed, ObjIntConsumer<Row> sink) {
    try (Turn turn = backend.turn().take()) {
      int columns = spec.posteriorColumns();
      int batch = batch(data, samples);
      EvaluationPlan passes = plan(data, batch, samples, seed);
      float[] nll = new float[batch * samples];
      float[] logRatio = new float[batch * samples];
      float[] kl = new float[batch];
      float[] head = new float[batch * columns];
      double[] logPosterior = new double[batch * samples];
      for (int first = 0; first < data.rows(); first += batch) {
        int count = Math.min(batch, data.rows() - first);
        passes.encode(first, count);
        passes.sample(first);
        passes.nll.buffer().read(nll);
        passes.logRatio.buffer().read(logRatio);
        passes.kl.buffer().read(kl);
        passes.head.buffer().read(head);
        Arrays.fill(logPosterior, 0);
        passes.levels.forEach(level -> PosteriorCodes.addLogDensity(level, logPosterior));
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
              new Row(likelihood, kl[row], ratios / samples, posteriors / samples, head, row),
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
      int chunk = Math.min(samples, CHUNK);
      int chunks = samples / chunk;
      int rest = samples % chunk;
      int batch = Math.max(1, Math.min(data.rows(), PassRows.of(spec, ROWS) / chunk));
      EvaluationPlan main = plan(data, batch, chunk, seed);
      try (EvaluationPlan last =
          rest == 0
              ? null
              : new EvaluationPlan(backend, spec, parameters, data, batch, rest, seed)) {
        for (int first = 0; first < data.rows(); first += batch) {
          int count = Math.min(batch, data.rows() - first);
          long step = (long) first * (chunks + 1);
          LogSums sums = new LogSums(main.weigh(first, count, step, chunks));
          if (last != null) {
            sums.add(last.weigh(first, count, step + chunks, 1));
          }
          for (int row = 0; row < count; row++) {
            double shift = data.logJacobian(first + row);
            double log = sums.logSum(row) - Math.log(samples) + shift;
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
      int batch = batch(data, 1);
      EvaluationPlan passes = plan(data, batch, 1, 0);
      int columns = spec.posteriorColumns();
      float[] head = new float[batch * columns];
      PosteriorCodes codes = new PosteriorCodes(spec);
      Matrix mean = Matrix.zeros(data.rows(), latent);
      Matrix logvar = Matrix.zeros(data.rows(), latent);
      for (int first = 0; first < data.rows(); first += batch) {
        int count = Math.min(batch, data.rows() - first);
        passes.encode(first, count);
        passes.head.buffer().read(head);
        for (int row = 0; row < count; row++) {
          codes.read(head, row, mean.values(), logvar.values(), first + row);
          refuse(mean, data, first + row);
          refuse(logvar, data, first + row);
        }
      }
      return new Codes(mean, logvar);
    }
  }

  private static void refuse(Matrix codes, DataSet data, int row) {
    for (int j = 0; j < codes.columns(); j++) {
      NotFinite.refuse("the code", codes.at(row, j), data, row);
    }
  }

  private int batch(DataSet data, int samples) {
    return Math.max(1, Math.min(data.rows(), Math.min(BATCH, PassRows.of(spec, ROWS) / samples)));
  }

  private EvaluationPlan plan(DataSet data, int batch, int samples, long seed) {
    PlanKey key = new PlanKey(data, batch, samples, seed);
    if (plan != null && key.equals(planned)) {
      return plan;
    }
    close();
    EvaluationPlan made = new EvaluationPlan(backend, spec, parameters, data, batch, samples, seed);
    plan = made;
    planned = key;
    return made;
  }

  private static Moments[] moments(int count) {
    Moments[] all = new Moments[count];
    for (int i = 0; i < count; i++) {
      all[i] = new Moments();
    }
    return all;
  }

  @Override
  public void close() {
    if (plan != null) {
      EvaluationPlan old = plan;
      plan = null;
      planned = null;
      old.close();
    }
  }
}
