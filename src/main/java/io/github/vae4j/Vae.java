package io.github.vae4j;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.evaluate.Codes;
import io.github.vae4j.evaluate.Decoder;
import io.github.vae4j.evaluate.Evaluation;
import io.github.vae4j.evaluate.Evaluator;
import io.github.vae4j.evaluate.LogLikelihood;
import io.github.vae4j.evaluate.PriorSampler;
import io.github.vae4j.evaluate.RowScores;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Matrix;
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
  private final Ops ops;
  private final Buffer parameters;
  private final Evaluator evaluator;
  private final Decoder decoder;
  private final PriorSampler prior;

  /** Whether the weights are as they were drawn: no data has been seen. */
  private boolean untrained;

  private Vae(VaeSpec spec, BackendOptions options, float[] weights) {
    this.spec = spec;
    this.layout = new ParameterLayout(spec);
    try {
      Backend backend = arena.own(Backends.open(options));
      ops = new Ops(backend);
      parameters = arena.own(ops.allocate(DType.FLOAT32, layout.length()));
      parameters.write(weights);
      evaluator = arena.own(new Evaluator(ops, spec, layout, parameters));
      decoder = arena.own(new Decoder(ops, spec, layout, parameters));
      prior = new PriorSampler(ops, spec, layout, parameters);
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
    return ops.backend();
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
    try (Trainer trainer = new Trainer(ops, spec, config, train, test, listener)) {
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
    return new Trainer(ops, spec, config, train, test, listener);
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
    DataFit.checkWidth(spec, data);
    return evaluator.encode(data);
  }

  /**
   * E[x|z].
   *
   * @param codes (n, latent)
   * @return (n, features)
   */
  public Matrix decode(Matrix codes) {
    return decoder.mean(codes);
  }

  /**
   * E[x | z = the posterior's mean] of each row.
   *
   * @param data the rows
   * @return (rows, features)
   */
  public Matrix reconstruct(DataSet data) {
    return decoder.mean(encode(data).mean());
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
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature: expected a number of 0 or more, given " + temperature);
    }
    Matrix codes = prior.draw(atLeastOne("n", n), seed, temperature);
    return draw ? decoder.draw(codes, seed) : decoder.mean(codes);
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
