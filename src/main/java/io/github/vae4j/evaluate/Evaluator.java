package io.github.vae4j.evaluate;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.Matrix;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Computes the numbers of a model on data sets. It keeps its last plan, so that evaluating after
 * each epoch allocates once. The data's width must be the model's. Not thread-safe.
 */
public final class Evaluator implements AutoCloseable {
  private static final int BATCH = 500;
  private static final int ROWS = 2000;
  private static final int CHUNK = 100;
  private static final double ACTIVE_VARIANCE = 0.01;
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  private final Ops ops;
  private final VaeSpec spec;
  private final ParameterLayout layout;
  private final Buffer parameters;
  private @Nullable PlanKey planned;
  private @Nullable EvaluationPlan plan;

  private record PlanKey(DataSet data, int batch, int samples, long seed) {}

  /**
   * An evaluator of a model's weights as they are when it is called.
   *
   * @param ops the backend; stays the caller's
   * @param spec the model
   * @param layout of the parameters
   * @param parameters the flat arena; stays the caller's
   */
  public Evaluator(Ops ops, VaeSpec spec, ParameterLayout layout, Buffer parameters) {
    this.ops = ops;
    this.spec = spec;
    this.layout = layout;
    this.parameters = parameters;
  }

  /**
   * One row's numbers.
   *
   * @param reconstruction mean of log p(x|z)
   * @param kl analytic
   * @param logRatio mean of log p(z) - log q(z|x)
   * @param logPosterior mean of log q(z|x)
   * @param stats of its batch
   * @param at where its own start
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Row(
      double reconstruction,
      double kl,
      double logRatio,
      double logPosterior,
      float[] stats,
      int at) {
    double elbo() {
      return reconstruction - kl;
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
    Moments elbo = new Moments();
    Moments reconstruction = new Moments();
    Moments kl = new Moments();
    Moments entropy = new Moments();
    Moments sampledElbo = new Moments();
    Moments sampledKl = new Moments();
    Moments sampledEntropy = new Moments();
    Moments[] means = moments(latent);
    Moments[] klPerDimension = moments(latent);
    forEachRow(
        data,
        samples,
        seed,
        (row, index) -> {
          elbo.add(row.elbo());
          reconstruction.add(row.reconstruction);
          kl.add(row.kl);
          sampledElbo.add(row.reconstruction + row.logRatio);
          sampledKl.add(-row.logRatio);
          sampledEntropy.add(-row.logPosterior);
          double rowEntropy = 0;
          for (int j = 0; j < latent; j++) {
            double mean = row.stats[row.at + j];
            double logvar = Reparameterize.clamp(row.stats[row.at + latent + j]);
            means[j].add(mean);
            klPerDimension[j].add((Math.exp(logvar) + mean * mean - 1 - logvar) / 2);
            rowEntropy += (LOG_2_PI + 1 + logvar) / 2;
          }
          entropy.add(rowEntropy);
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
   * The bound and its terms, row by row.
   *
   * @param data the rows
   * @param samples Monte-Carlo samples per row
   * @param seed of the noise
   * @return one score a row
   */
  public RowScores score(DataSet data, int samples, long seed) {
    RowScores scores =
        new RowScores(new double[data.rows()], new double[data.rows()], new double[data.rows()]);
    forEachRow(
        data,
        samples,
        seed,
        (row, index) -> {
          scores.elbo()[index] = row.elbo();
          scores.reconstruction()[index] = row.reconstruction;
          scores.kl()[index] = row.kl;
        });
    return scores;
  }

  private void forEachRow(DataSet data, int samples, long seed, ObjIntConsumer<Row> sink) {
    int latent = spec.latent();
    int batch = batch(data, samples);
    EvaluationPlan passes = plan(data, batch, samples, seed);
    float[] nll = new float[batch * samples];
    float[] logRatio = new float[batch * samples];
    float[] z = new float[batch * samples * latent];
    float[] kl = new float[batch];
    float[] stats = new float[batch * 2 * latent];
    for (int first = 0; first < data.rows(); first += batch) {
      int count = Math.min(batch, data.rows() - first);
      passes.encode(first, count);
      passes.sample(first);
      passes.nll.read(nll);
      passes.logRatio.read(logRatio);
      passes.z.read(z);
      passes.kl.read(kl);
      passes.stats.read(stats);
      for (int row = 0; row < count; row++) {
        int at = row * 2 * latent;
        double nlls = 0;
        double ratios = 0;
        double posteriors = 0;
        for (int r = row * samples; r < (row + 1) * samples; r++) {
          nlls += nll[r];
          ratios += logRatio[r];
          posteriors += logPosterior(stats, at, z, r * latent);
        }
        sink.accept(
            new Row(-nlls / samples, kl[row], ratios / samples, posteriors / samples, stats, at),
            first + row);
      }
    }
  }

  /** log q(z|x) of a sample. */
  private double logPosterior(float[] stats, int at, float[] z, int sample) {
    int latent = spec.latent();
    double sum = 0;
    for (int j = 0; j < latent; j++) {
      double logvar = Reparameterize.clamp(stats[at + latent + j]);
      double error = (double) z[sample + j] - stats[at + j];
      sum -= (LOG_2_PI + logvar + error * error * Math.exp(-logvar)) / 2;
    }
    return sum;
  }

  /**
   * log p(x) by importance sampling, in chunks whose reconstructions are never all held.
   *
   * @param data the rows
   * @param samples S, importance samples per row
   * @param seed of the noise
   * @return mean over rows, with its standard error and the effective sample size
   */
  public LogLikelihood logLikelihood(DataSet data, int samples, long seed) {
    long start = System.nanoTime();
    int chunk = Math.min(samples, CHUNK);
    int chunks = samples / chunk;
    int rest = samples % chunk;
    int batch = Math.max(1, Math.min(data.rows(), ROWS / chunk));
    Moments logp = new Moments();
    Moments effective = new Moments();
    EvaluationPlan main = plan(data, batch, chunk, seed);
    try (EvaluationPlan last =
        rest == 0
            ? null
            : new EvaluationPlan(ops, spec, layout, parameters, data, batch, rest, seed)) {
      for (int first = 0; first < data.rows(); first += batch) {
        int count = Math.min(batch, data.rows() - first);
        long step = (long) first * (chunks + 1);
        LogSums sums = new LogSums(main.weigh(first, count, step, chunks));
        if (last != null) {
          sums.add(last.weigh(first, count, step + chunks, 1));
        }
        for (int row = 0; row < count; row++) {
          logp.add(sums.logSum(row) - Math.log(samples));
          effective.add(sums.effectiveSampleSize(row));
        }
      }
    }
    return new LogLikelihood(
        data.rows(),
        samples,
        logp.mean(),
        logp.standardError(),
        effective.mean(),
        (double) data.rows() * samples * 1e9 / (System.nanoTime() - start));
  }

  /**
   * The posterior of each row.
   *
   * @param data the rows
   * @return means and log variances
   */
  public Codes encode(DataSet data) {
    int latent = spec.latent();
    int batch = batch(data, 1);
    EvaluationPlan passes = plan(data, batch, 1, 0);
    float[] stats = new float[batch * 2 * latent];
    Matrix mean = Matrix.zeros(data.rows(), latent);
    Matrix logvar = Matrix.zeros(data.rows(), latent);
    for (int first = 0; first < data.rows(); first += batch) {
      int count = Math.min(batch, data.rows() - first);
      passes.encode(first, count);
      passes.stats.read(stats);
      for (int row = 0; row < count; row++) {
        int target = (first + row) * latent;
        System.arraycopy(stats, row * 2 * latent, mean.values(), target, latent);
        System.arraycopy(stats, row * 2 * latent + latent, logvar.values(), target, latent);
      }
    }
    return new Codes(mean, logvar);
  }

  private int batch(DataSet data, int samples) {
    return Math.max(1, Math.min(data.rows(), Math.min(BATCH, ROWS / samples)));
  }

  private EvaluationPlan plan(DataSet data, int batch, int samples, long seed) {
    PlanKey key = new PlanKey(data, batch, samples, seed);
    if (plan != null && key.equals(planned)) {
      return plan;
    }
    close();
    EvaluationPlan made =
        new EvaluationPlan(ops, spec, layout, parameters, data, batch, samples, seed);
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
