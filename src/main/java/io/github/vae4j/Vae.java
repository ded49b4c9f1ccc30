package io.github.vae4j;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.SamplerFile;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.evaluate.AggregatePosterior;
import io.github.vae4j.evaluate.AnnealOptions;
import io.github.vae4j.evaluate.AnnealedImportance;
import io.github.vae4j.evaluate.AnnealedLikelihood;
import io.github.vae4j.evaluate.Codes;
import io.github.vae4j.evaluate.Conditions;
import io.github.vae4j.evaluate.Decoder;
import io.github.vae4j.evaluate.Disentanglement;
import io.github.vae4j.evaluate.Evaluation;
import io.github.vae4j.evaluate.Evaluator;
import io.github.vae4j.evaluate.Factors;
import io.github.vae4j.evaluate.FrechetDistances;
import io.github.vae4j.evaluate.ImageFeatures;
import io.github.vae4j.evaluate.ImageQuality;
import io.github.vae4j.evaluate.Inference;
import io.github.vae4j.evaluate.InferenceConfig;
import io.github.vae4j.evaluate.Information;
import io.github.vae4j.evaluate.LogLikelihood;
import io.github.vae4j.evaluate.OptimizedCodes;
import io.github.vae4j.evaluate.PriorSampler;
import io.github.vae4j.evaluate.RowScores;
import io.github.vae4j.evaluate.Sharpness;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.sampler.LatentSampler;
import io.github.vae4j.sampler.PosteriorDraws;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.train.DataFit;
import io.github.vae4j.train.PseudoInputs;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.Trainer;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A variational autoencoder on a backend: train it, evaluate it, encode, decode and sample with it,
 * save and load it. It owns the backend. Not thread-safe.
 */
public final class Vae implements AutoCloseable {
  private final Arena arena = new Arena();
  private final VaeSpec spec;
  private final ParameterLayout layout;
  private final Backend backend;
  private final Tensor parameters;
  private final Evaluator evaluator;
  private final Decoder decoder;
  private final PriorSampler prior;

  /** Whether the weights are as they were drawn: no data has been seen. */
  private boolean untrained;

  private Vae(VaeSpec spec, BackendOptions options, float[] weights) {
    this.spec = spec;
    this.layout = new ParameterLayout(spec);
    try {
      backend = arena.own(Backends.open(options));
      parameters = backend.tensor(arena, layout.length());
      parameters.write(weights);
      evaluator = arena.own(new Evaluator(backend, spec, layout, parameters));
      decoder = arena.own(new Decoder(backend, spec, layout, parameters));
      prior = new PriorSampler(backend, spec, layout, parameters);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * A new model with random weights.
   *
   * @param spec what it is
   * @param options where it runs
   * @param seed of the weights
   * @return the model
   * @throws VaeException if the backend cannot be had, with the reason
   */
  public static Vae create(VaeSpec spec, BackendOptions options, long seed) {
    ParameterLayout layout = new ParameterLayout(spec);
    Vae vae = new Vae(spec, options, InitialWeights.draw(layout, spec.initializer(), seed));
    vae.untrained = true;
    return vae;
  }

  /**
   * A trained model.
   *
   * @param path a run folder, or a model.safetensors file
   * @param options where it runs
   * @return the model
   * @throws VaeException if the file is missing or damaged, or the backend cannot be had
   */
  public static Vae load(Path path, BackendOptions options) {
    ModelFile.Model model = ModelFile.load(path);
    return new Vae(model.spec(), options, model.parameters());
  }

  /**
   * What the model is.
   *
   * @return its specification
   */
  public VaeSpec spec() {
    return spec;
  }

  /**
   * Where the model runs.
   *
   * @return the backend; stays this model's
   */
  public Backend backend() {
    return backend;
  }

  /**
   * Writes the model.
   *
   * @param file a model.safetensors file, replaced in one piece
   * @throws VaeException if it cannot be written; the old file is then still there
   */
  public void save(Path file) {
    ModelFile.save(file, spec, parameters.toFloats());
  }

  /**
   * Trains the model from its present weights.
   *
   * @param train rows to learn from
   * @param test rows to evaluate on after each epoch; null for none
   * @param config how
   * @param listener hears of progress
   * @return the metrics of each epoch and why the training ended
   * @throws VaeException if the data does not fit the model, or the training diverged
   */
  public Trainer.Result train(
      DataSet train, @Nullable DataSet test, TrainConfig config, TrainListener listener) {
    return train(train, test, config, listener, () -> false);
  }

  /**
   * Trains the model from its present weights until it is told to stop.
   *
   * @param train rows to learn from
   * @param test rows to evaluate on after each epoch; null for none
   * @param config how
   * @param listener hears of progress
   * @param stop asked before each step
   * @return the metrics of each epoch and why the training ended
   * @throws VaeException if the data does not fit the model, or the training diverged
   */
  public Trainer.Result train(
      DataSet train,
      @Nullable DataSet test,
      TrainConfig config,
      TrainListener listener,
      BooleanSupplier stop) {
    try (Trainer trainer = new Trainer(backend, spec, config, train, test, listener)) {
      float[] weights = parameters.toFloats();
      if (untrained) {
        PseudoInputs.fill(spec, layout, weights, train, config.seed());
      }
      trainer.setWeights(weights);
      Trainer.Result result = trainer.run(stop);
      setWeights(trainer.weights());
      return result;
    }
  }

  /**
   * A trainer of this model's specification on its backend, for runs that are resumed; the model's
   * own weights do not change until {@link #setWeights}.
   *
   * @param train rows to learn from
   * @param test rows to evaluate on after each epoch; null for none
   * @param config how
   * @param listener hears of progress
   * @return the trainer, owned by the caller; close it before this model
   */
  public Trainer trainer(
      DataSet train, @Nullable DataSet test, TrainConfig config, TrainListener listener) {
    return new Trainer(backend, spec, config, train, test, listener);
  }

  /**
   * Replaces the weights.
   *
   * @param weights a flat arena in the order of {@link ParameterLayout}
   */
  public void setWeights(float[] weights) {
    parameters.write(weights);
    untrained = false;
  }

  /**
   * The evidence lower bound and its terms.
   *
   * @param data the rows
   * @param samples Monte-Carlo samples per row
   * @param seed of the noise
   * @return means over rows, in nats
   */
  public Evaluation evaluate(DataSet data, int samples, long seed) {
    DataFit.check(spec, data);
    return evaluator.evaluate(data, atLeastOne("samples", samples), seed);
  }

  /**
   * log p(x) by importance sampling.
   *
   * @param data the rows
   * @param samples importance samples per row
   * @param seed of the noise
   * @return the mean over rows, in nats
   */
  public LogLikelihood logLikelihood(DataSet data, int samples, long seed) {
    DataFit.check(spec, data);
    return evaluator.logLikelihood(data, atLeastOne("samples", samples), seed);
  }

  /**
   * log p(x) by annealed importance sampling, which does not use the encoder.
   *
   * @param data the rows
   * @param options chains, temperatures and leapfrog steps
   * @param seed of the noise
   * @return the mean over rows, in nats
   */
  public AnnealedLikelihood annealedLogLikelihood(DataSet data, AnnealOptions options, long seed) {
    DataFit.check(spec, data);
    requireStandardPrior("annealed importance sampling");
    return new AnnealedImportance(backend, spec, layout, parameters)
        .logLikelihood(data, options, seed);
  }

  /**
   * Mutual information of rows and codes, and the aggregated posterior beside the prior.
   *
   * @param data the rows: N components of the aggregated posterior
   * @param draws Monte-Carlo draws of z; each costs N Z exponentials
   * @param seed of the draws
   * @return the parts of the KL, in nats
   */
  public Information information(DataSet data, int draws, long seed) {
    requireDiagonalPosterior("information");
    requireStandardPrior("information");
    return new AggregatePosterior(encode(data)).information(atLeastOne("draws", draws), seed);
  }

  /**
   * The sharpness of the data, of reconstructions and of samples, as many each.
   *
   * @param data the rows
   * @param seed of the samples
   * @return means over images
   * @throws IllegalArgumentException if the model's rows are not images
   */
  public Sharpness sharpness(DataSet data, long seed) {
    return imageQuality("sharpness", data, seed).sharpness();
  }

  /**
   * The Frechet distances of reconstructions and samples to the data, as many each: FID where the
   * network is Inception.
   *
   * @param data the rows, values in [0, 1]
   * @param network the features
   * @param seed of the samples
   * @return the distances
   * @throws IllegalArgumentException if the model's rows are not images
   */
  public FrechetDistances frechet(DataSet data, ImageFeatures network, long seed) {
    return imageQuality("FID", data, seed).frechet(network);
  }

  private ImageQuality imageQuality(String what, DataSet data, long seed) {
    ImageShape shape = spec.image();
    if (shape == null) {
      throw new IllegalArgumentException(
          what + ": expected a model of images, given one of rows of " + spec.features());
    }
    Matrix codes = prior.draw(data.rows(), seed, 1);
    Condition told = spec.condition();
    DataSet conditions = told == null ? null : Conditions.of(told, data);
    return new ImageQuality(decoder, data, conditions, shape, encode(data).mean(), codes);
  }

  /**
   * How well single dimensions of the posterior means stand for known factors.
   *
   * @param data the rows
   * @param factors of the same rows
   * @return the scores
   */
  public Disentanglement disentanglement(DataSet data, Factors factors) {
    return Disentanglement.of(encode(data).mean(), factors);
  }

  /**
   * The bound and its terms row by row: low values are unlike the training data.
   *
   * @param data the rows
   * @param samples Monte-Carlo samples per row
   * @param seed of the noise
   * @return a score a row, in nats
   */
  public RowScores score(DataSet data, int samples, long seed) {
    DataFit.check(spec, data);
    return evaluator.score(data, atLeastOne("samples", samples), seed);
  }

  /**
   * The posterior q(z|x) of each row.
   *
   * @param data the rows
   * @return means and log variances (rows, latent)
   */
  public Codes encode(DataSet data) {
    DataFit.checkGiven(spec, data);
    return evaluator.encode(data);
  }

  /**
   * The posterior of each row, found by optimisation instead of by the encoder: slower and better.
   * Its difference to the encoder's is the amortisation gap and, row by row, the likelihood regret.
   *
   * @param data the rows
   * @param config how
   * @return posteriors (rows, latent) and their bounds, in nats
   */
  public OptimizedCodes optimize(DataSet data, InferenceConfig config) {
    DataFit.check(spec, data);
    requireDiagonalPosterior("optimize");
    requireStandardPrior("optimize");
    return new Inference(backend, spec, layout, parameters).optimize(data, config);
  }

  /**
   * E[x|z].
   *
   * @param codes (n, latent)
   * @return (n, features)
   */
  public Matrix decode(Matrix codes) {
    return decoder.mean(codes, null);
  }

  /**
   * E[x|z, c] of a conditional model.
   *
   * @param codes (n, latent)
   * @param conditions (n, C), as {@link Condition.Labels#rows} makes them
   * @return (n, features)
   */
  public Matrix decode(Matrix codes, @Nullable Matrix conditions) {
    return decoder.mean(codes, conditions);
  }

  /**
   * E[x | z = the posterior's mean] of each row; a conditional model is told what the data say.
   *
   * @param data the rows
   * @return (rows, features)
   */
  public Matrix reconstruct(DataSet data) {
    Matrix codes = encode(data).mean();
    Condition condition = spec.condition();
    return condition == null
        ? decoder.mean(codes, null)
        : decoder.mean(codes, DataSets.values(Conditions.of(condition, data), 0, data.rows()));
  }

  /**
   * New observations: z from the prior, then E[x|z] or a draw of p(x|z).
   *
   * @param n how many
   * @param seed of the draws
   * @param temperature the standard deviation of z; 1 for the prior itself
   * @param draw true for draws, false for means
   * @return (n, features)
   */
  public Matrix sample(int n, long seed, double temperature, boolean draw) {
    return sample(atLeastOne("n", n), null, seed, temperature, draw);
  }

  /**
   * New observations of a conditional model, one for each condition: z from the prior, then E[x|z,
   * c] or a draw of p(x|z, c).
   *
   * @param conditions (n, C), as {@link Condition.Labels#rows} makes them
   * @param seed of the draws
   * @param temperature the standard deviation of z; 1 for the prior itself
   * @param draw true for draws, false for means
   * @return (n, features)
   */
  public Matrix sample(Matrix conditions, long seed, double temperature, boolean draw) {
    return sample(conditions.rows(), conditions, seed, temperature, draw);
  }

  private Matrix sample(
      int n, @Nullable Matrix conditions, long seed, double temperature, boolean draw) {
    checkTemperature(temperature);
    Matrix codes = prior.draw(n, seed, temperature);
    return draw ? decoder.draw(codes, conditions, seed) : decoder.mean(codes, conditions);
  }

  /**
   * New observations: z from a sampler that was fitted to this model's codes, then E[x|z] or a draw
   * of p(x|z).
   *
   * @param sampler of z; of as many dimensions as this model has
   * @param n how many
   * @param seed of the draws
   * @param temperature a factor of the sampler's noise; 1 for the fit itself
   * @param draw true for draws, false for means
   * @return (n, features)
   */
  public Matrix sample(LatentSampler sampler, int n, long seed, double temperature, boolean draw) {
    return sample(sampler, atLeastOne("n", n), null, seed, temperature, draw);
  }

  /**
   * New observations of a conditional model, one for each condition: z from a sampler that was
   * fitted to this model's codes, then E[x|z, c] or a draw of p(x|z, c).
   *
   * @param sampler of z; of as many dimensions as this model has
   * @param conditions (n, C)
   * @param seed of the draws
   * @param temperature a factor of the sampler's noise; 1 for the fit itself
   * @param draw true for draws, false for means
   * @return (n, features)
   */
  public Matrix sample(
      LatentSampler sampler, Matrix conditions, long seed, double temperature, boolean draw) {
    return sample(sampler, conditions.rows(), conditions, seed, temperature, draw);
  }

  private Matrix sample(
      LatentSampler sampler,
      int n,
      @Nullable Matrix conditions,
      long seed,
      double temperature,
      boolean draw) {
    checkTemperature(temperature);
    Matrix codes = sampler.draw(backend, n, seed, temperature);
    return draw ? decoder.draw(codes, conditions, seed) : decoder.mean(codes, conditions);
  }

  /**
   * Codes drawn from the posteriors of rows: what a sampler is fitted to.
   *
   * @param data N rows
   * @param draws per row
   * @param seed of the noise
   * @return (N * draws, latent)
   */
  public Matrix aggregatePosterior(DataSet data, int draws, long seed) {
    requireDiagonalPosterior("aggregatePosterior");
    return PosteriorDraws.draw(encode(data), draws, seed);
  }

  /**
   * Writes a sampler that was fitted to this model's codes.
   *
   * @param file where to
   * @param sampler the sampler
   * @throws VaeException if it cannot be written
   */
  public void saveSampler(Path file, LatentSampler sampler) {
    SamplerFile.save(file, sampler, parameters.toFloats());
  }

  /**
   * Reads a sampler.
   *
   * @param file its file
   * @return the sampler
   * @throws VaeException if the file is missing or damaged, or the sampler was fitted to other
   *     weights than this model's
   */
  public LatentSampler loadSampler(Path file) {
    return SamplerFile.load(file, parameters.toFloats(), spec.latent());
  }

  private static void checkTemperature(double temperature) {
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature: expected a number of 0 or more, given " + temperature);
    }
  }

  private void requireDiagonalPosterior(String what) {
    if (!spec.latents().diagonalPosterior()) {
      throw new VaeException(
          what
              + ": expected a model with a diagonal Gaussian posterior, given one with posterior "
              + spec.latents().posterior());
    }
  }

  private void requireStandardPrior(String what) {
    if (!spec.latents().standardPrior()) {
      throw new VaeException(
          what
              + ": expected a model with a standard normal prior, given one with "
              + (spec.latents().top() == null
                  ? "prior " + spec.latents().prior()
                  : "a second stochastic layer"));
    }
  }

  private static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected 1 or more, given " + value);
    }
    return value;
  }

  @Override
  public void close() {
    arena.close();
  }
}
