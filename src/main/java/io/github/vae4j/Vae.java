// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.infer.Codes;
import io.github.vae4j.infer.Conditions;
import io.github.vae4j.infer.Decoder;
import io.github.vae4j.infer.Evaluation;
import io.github.vae4j.infer.Evaluator;
import io.github.vae4j.infer.PriorSampler;
import io.github.vae4j.infer.RowScores;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.InitialWeights;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.sampler.LatentSampler;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.tensor.Turn;
import io.github.vae4j.train.DataFit;
import io.github.vae4j.train.PseudoInputs;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.Trainer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A variational autoencoder on a backend. It trains, encodes, decodes, reconstructs, samples,
 * evaluates, scores rows, saves and loads; {@link #measure} has further measures. It owns the
 * backend.
 *
 * <p>A model is for one thread at a time: a call beside a call of another thread, {@link #close}
 * too, throws an IllegalStateException and changes nothing. A listener may use the model that it
 * sees trained, and gets results of the weights after the last step; it may not close it, train it
 * or replace its weights.
 */
public final class Vae implements AutoCloseable {
  private final Arena arena = new Arena();
  private VaeSpec spec;
  private final Backend backend;
  private final ModelWeights weights;
  private final Parameters parameters;
  private final Evaluator evaluator;
  private final Decoder decoder;
  private final PriorSampler prior;
  private final Measures measures;

  private Vae(VaeSpec spec, BackendOptions options, float[] weights) {
    this.spec = spec;
    try {
      backend = arena.own(Backends.open(options));
      ParameterLayout layout = new ParameterLayout(spec);
      Tensor all = backend.tensor(arena, layout.length());
      all.write(weights);
      this.weights = new ModelWeights(backend.turn(), all);
      parameters = Parameters.of(layout, all.buffer());
      evaluator = arena.own(new Evaluator(backend, spec, parameters));
      decoder = arena.own(new Decoder(backend, spec, parameters));
      prior = new PriorSampler(backend, spec, parameters);
      measures =
          new Measures(
              this.weights::use, backend, this::spec, parameters, evaluator, decoder, prior);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /**
   * A new model with random weights.
   *
   * @param spec the layers, the latent variables and the observation model
   * @param options the backend
   * @param seed of the weights
   * @return the model
   * @throws VaeException if the backend cannot be used; the message has the reason
   */
  public static Vae create(VaeSpec spec, BackendOptions options, long seed) {
    ParameterLayout layout = new ParameterLayout(spec);
    Vae vae = new Vae(spec, options, InitialWeights.draw(layout, spec.initializer(), seed));
    vae.weights.setInitial();
    return vae;
  }

  /**
   * A trained model.
   *
   * @param path a run folder, or a model.safetensors file
   * @param options the backend
   * @return the model
   * @throws VaeException if the file is missing or damaged, or the backend cannot be used
   */
  public static Vae load(Path path, BackendOptions options) {
    ModelFile.Model model = ModelFile.load(path);
    return new Vae(model.spec(), options, model.parameters());
  }

  /**
   * The specification of the model. After training it has the names of the training data's columns
   * and classes, so that data in another order are refused.
   *
   * @return the specification
   */
  public VaeSpec spec() {
    return spec;
  }

  /**
   * The backend of the model.
   *
   * @return the backend, which this model closes
   */
  public Backend backend() {
    return backend;
  }

  /**
   * Writes the model.
   *
   * @param file a model.safetensors file, which is replaced when the new one is complete
   * @throws VaeException if it cannot be written; the old file is then unchanged
   */
  public void save(Path file) {
    try (Turn turn = weights.use()) {
      ModelFile.save(file, spec, weights.read());
    }
  }

  /**
   * Trains the model from its present weights. An interrupt of the thread ends the run after the
   * present step, with the result {@link Trainer.End#STOPPED}; the thread stays interrupted. After
   * an exception, of a listener or a data set for example, the model has the weights of the last
   * whole step.
   *
   * @param train training rows
   * @param test rows for the evaluation after each epoch; null for none
   * @param config epochs, batch, objective, optimizer
   * @param listener receives the progress of training
   * @return the metrics of each epoch and the reason of the end
   * @throws VaeException if the data does not fit the model, or the training diverged
   * @throws IllegalStateException if the model is in use by another thread, or is being trained
   */
  public Trainer.Result train(
      DataSet train, @Nullable DataSet test, TrainConfig config, TrainListener listener) {
    try (Turn turn = weights.useWithoutTraining("train");
        Trainer trainer = new Trainer(backend, spec, config, train, test, listener)) {
      float[] start = weights.read();
      if (weights.initial()) {
        PseudoInputs.fill(parameters.layout(), start, train, config.seed());
      }
      trainer.setWeights(start);
      Trainer.Result result = weights.run(trainer);
      keepNames(train);
      return result;
    }
  }

  /**
   * A trainer of this model's specification on its backend, for runs that are resumed; the weights
   * of this model do not change until {@link #setWeights}.
   *
   * @param train training rows
   * @param test rows for the evaluation after each epoch; null for none
   * @param config epochs, batch, objective, optimizer
   * @param listener receives the progress of training
   * @return the trainer, owned by the caller; close it before this model
   */
  public Trainer trainer(
      DataSet train, @Nullable DataSet test, TrainConfig config, TrainListener listener) {
    try (Turn turn = weights.use()) {
      return new Trainer(backend, spec, config, train, test, listener);
    }
  }

  /** A model that was trained knows columns and classes by name. */
  private void keepNames(DataSet train) {
    if (spec.names().equals(DataNames.NONE)) {
      spec = spec.named(DataNames.of(train));
    }
  }

  /**
   * A copy of the weights.
   *
   * @return a flat arena in the order of {@link ParameterLayout}
   */
  public float[] weights() {
    try (Turn turn = weights.use()) {
      return weights.read();
    }
  }

  /**
   * Replaces the weights.
   *
   * @param weights a flat arena in the order of {@link ParameterLayout}
   */
  public void setWeights(float[] weights) {
    try (Turn turn = this.weights.useWithoutTraining("setWeights")) {
      parameters.layout().requireWhole(weights);
      this.weights.write(weights);
    }
  }

  /**
   * The evidence lower bound and its terms, with one sample per row and seed 0, as after each epoch
   * of training.
   *
   * @param data the rows
   * @return means over rows, in nats
   */
  public Evaluation evaluate(DataSet data) {
    return evaluate(data, 1, 0);
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
    try (Turn turn = weights.use()) {
      DataFit.check(spec, data);
      return evaluator.evaluate(data, atLeastOne("samples", samples), seed);
    }
  }

  /**
   * The bound and its terms for each row, with one sample per row and seed 0: rows unlike the
   * training data have low bounds.
   *
   * @param data the rows
   * @return one score per row, in nats
   */
  public RowScores score(DataSet data) {
    return score(data, 1, 0);
  }

  /**
   * The bound and its terms for each row: rows unlike the training data have low bounds.
   *
   * @param data the rows
   * @param samples Monte-Carlo samples per row
   * @param seed of the noise
   * @return one score per row, in nats
   */
  public RowScores score(DataSet data, int samples, long seed) {
    try (Turn turn = weights.use()) {
      DataFit.check(spec, data);
      return evaluator.score(data, atLeastOne("samples", samples), seed);
    }
  }

  /**
   * The posterior q(z|x) of each row.
   *
   * @param data the rows
   * @return means and log variances (rows, latent)
   */
  public Codes encode(DataSet data) {
    try (Turn turn = weights.use()) {
      return measures.encode(data);
    }
  }

  /**
   * E[x|z].
   *
   * @param codes (n, latent)
   * @return (n, features)
   */
  public Matrix decode(Matrix codes) {
    return decode(codes, null);
  }

  /**
   * E[x|z, c] of a conditional model.
   *
   * @param codes (n, latent)
   * @param conditions (n, C), as from {@link Condition.Labels#rows}
   * @return (n, features)
   */
  public Matrix decode(Matrix codes, @Nullable Matrix conditions) {
    try (Turn turn = weights.use()) {
      return decoder.mean(codes, conditions);
    }
  }

  /**
   * E[x | z = the posterior's mean] of each row; a conditional model takes the condition from the
   * data.
   *
   * @param data the rows
   * @return (rows, features)
   */
  public Matrix reconstruct(DataSet data) {
    try (Turn turn = weights.use()) {
      return decoder.mean(encode(data).mean(), conditions(data));
    }
  }

  /**
   * E[x|z] on a curve between the posterior means of two rows; the condition of a conditional model
   * goes in a straight line from that of the first row to that of the second.
   *
   * @param ends two rows
   * @param interpolation the curve and the number of its codes
   * @return (steps, features), from the first row's reconstruction to the second's
   */
  public Matrix interpolate(DataSet ends, Interpolation interpolation) {
    if (ends.rows() != 2) {
      throw new IllegalArgumentException("ends: expected 2 rows, given " + ends.rows());
    }
    try (Turn turn = weights.use()) {
      Matrix codes = encode(ends).mean();
      Matrix given = conditions(ends);
      return decoder.mean(
          interpolation.between(codes.row(0), codes.row(1)),
          given == null
              ? null
              : Interpolation.linear(interpolation.steps()).between(given.row(0), given.row(1)));
    }
  }

  /** The condition of each row; null if the model is not conditional. */
  private @Nullable Matrix conditions(DataSet data) {
    Condition condition = spec.condition();
    return condition == null
        ? null
        : DataSets.values(Conditions.of(condition, data), 0, data.rows());
  }

  /**
   * Samples new rows: z from the prior or a fitted sampler, then E[x|z] or a draw of p(x|z).
   *
   * @param sampling the number of rows and the settings of the draws
   * @return (rows, features)
   */
  public Matrix sample(Sampling sampling) {
    try (Turn turn = weights.use()) {
      LatentSampler fitted = sampling.sampler();
      int rows = sampling.rows();
      long seed = sampling.seed();
      Matrix codes =
          fitted == null
              ? prior.draw(rows, seed, sampling.temperature())
              : fitted.draw(backend, rows, seed, sampling.temperature());
      return sampling.drawn()
          ? decoder.draw(codes, sampling.conditions(), seed)
          : decoder.mean(codes, sampling.conditions());
    }
  }

  /**
   * Measures of the model other than the bound: log p(x), mutual information, image quality,
   * disentanglement.
   *
   * @return the measures, valid as long as this model is open
   */
  public Measures measure() {
    return measures;
  }

  static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected 1 or more, given " + value);
    }
    return value;
  }

  /**
   * Frees the model and its backend. Each later use is refused. A second call does nothing.
   *
   * @throws IllegalStateException if the model is in use, by another thread or by a call that this
   *     call is part of; it then stays open
   */
  @Override
  public void close() {
    backend.turn().takeAlone().close();
    arena.close();
  }
}
