// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.infer.AnnealOptions;
import io.github.vae4j.infer.AnnealedImportance;
import io.github.vae4j.infer.AnnealedLikelihood;
import io.github.vae4j.infer.Codes;
import io.github.vae4j.infer.Conditions;
import io.github.vae4j.infer.Decoder;
import io.github.vae4j.infer.Evaluator;
import io.github.vae4j.infer.ImageQuality;
import io.github.vae4j.infer.Inference;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.infer.LogLikelihood;
import io.github.vae4j.infer.OptimizedCodes;
import io.github.vae4j.infer.PriorSampler;
import io.github.vae4j.infer.RowPosterior;
import io.github.vae4j.infer.RowScorer;
import io.github.vae4j.metrics.AggregatePosterior;
import io.github.vae4j.metrics.Disentanglement;
import io.github.vae4j.metrics.Factors;
import io.github.vae4j.metrics.FrechetDistances;
import io.github.vae4j.metrics.ImageFeatures;
import io.github.vae4j.metrics.Information;
import io.github.vae4j.metrics.Sharpness;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.LatentUse;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.sampler.PosteriorDraws;
import io.github.vae4j.sampler.WeightedCodes;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Turn;
import io.github.vae4j.train.DataFit;
import java.util.function.Supplier;

/**
 * Measures of a model other than its bound, from {@link Vae#measure}. They run on the model's
 * backend with its weights at each call, as long as the model is open, and like the model for one
 * thread at a time.
 */
public final class Measures {
  private final Supplier<Turn> turns;
  private final Backend backend;
  private final Supplier<VaeSpec> spec;
  private final Parameters parameters;
  private final Evaluator evaluator;
  private final Decoder decoder;
  private final PriorSampler prior;

  Measures(
      Supplier<Turn> turns,
      Backend backend,
      Supplier<VaeSpec> spec,
      Parameters parameters,
      Evaluator evaluator,
      Decoder decoder,
      PriorSampler prior) {
    this.turns = turns;
    this.backend = backend;
    this.spec = spec;
    this.parameters = parameters;
    this.evaluator = evaluator;
    this.decoder = decoder;
    this.prior = prior;
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
    try (Turn turn = turns.get()) {
      DataFit.check(spec.get(), data);
      return evaluator.logLikelihood(data, Vae.atLeastOne("samples", samples), seed);
    }
  }

  /**
   * log p(x) of each row by importance sampling: rows unlike the training data have low values.
   *
   * @param data the rows
   * @param samples importance samples per row
   * @param seed of the noise
   * @return one a row, in nats
   */
  public double[] rowLogLikelihoods(DataSet data, int samples, long seed) {
    try (Turn turn = turns.get()) {
      DataFit.check(spec.get(), data);
      return evaluator.rowLogLikelihoods(data, Vae.atLeastOne("samples", samples), seed);
    }
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
    try (Turn turn = turns.get()) {
      DataFit.check(spec.get(), data);
      LatentUse.ANNEALING.require("annealed importance sampling", spec.get().latents());
      return new AnnealedImportance(backend, spec.get(), parameters)
          .logLikelihood(data, options, seed);
    }
  }

  /**
   * Mutual information between rows and codes, and the divergence of the aggregated posterior from
   * the prior.
   *
   * @param data the rows: N components of the aggregated posterior
   * @param draws Monte-Carlo draws of z; each costs N Z exponentials
   * @param seed of the draws
   * @return the terms of the KL, in nats
   */
  public Information information(DataSet data, int draws, long seed) {
    try (Turn turn = turns.get()) {
      LatentUse.INFORMATION.require("information", spec.get().latents());
      Codes codes = encode(data);
      return new AggregatePosterior(codes.mean(), codes.clampedLogvar(), data::weight)
          .information(Vae.atLeastOne("draws", draws), seed);
    }
  }

  /**
   * The sharpness of the data, of reconstructions and of samples, in equal numbers.
   *
   * @param data the rows
   * @param seed of the samples
   * @return means over images
   * @throws IllegalArgumentException if the model's rows are not images
   */
  public Sharpness sharpness(DataSet data, long seed) {
    try (Turn turn = turns.get()) {
      return imageQuality("sharpness", data, seed).sharpness();
    }
  }

  /**
   * The Frechet distances of reconstructions and of samples from the data, in equal numbers: FID if
   * the network is Inception.
   *
   * @param data the rows, values in [0, 1]
   * @param network computes the features
   * @param seed of the samples
   * @return the distances
   * @throws IllegalArgumentException if the model's rows are not images
   */
  public FrechetDistances frechet(DataSet data, ImageFeatures network, long seed) {
    try (Turn turn = turns.get()) {
      return imageQuality("FID", data, seed).frechet(network);
    }
  }

  private ImageQuality imageQuality(String measure, DataSet data, long seed) {
    ImageShape shape = spec.get().image();
    if (shape == null) {
      throw new IllegalArgumentException(
          measure + ": expected a model of images, given one of rows of " + spec.get().features());
    }
    Matrix codes = prior.draw(data.rows(), seed, 1);
    Condition condition = spec.get().condition();
    DataSet conditions = condition == null ? null : Conditions.of(condition, data);
    return new ImageQuality(decoder, data, conditions, shape, encode(data).mean(), codes);
  }

  /**
   * Scores of the relation between single dimensions of the posterior means and known factors. They
   * are ranks and fits over rows, and do not use the weights of rows.
   *
   * @param data the rows
   * @param factors of the same rows
   * @return the scores
   */
  public Disentanglement disentanglement(DataSet data, Factors factors) {
    try (Turn turn = turns.get()) {
      return Disentanglement.of(encode(data).mean(), factors);
    }
  }

  /**
   * The posterior of each row by optimisation in place of the encoder: slower, with a higher bound.
   * The difference from the encoder's bound is the likelihood regret of a row, and its mean over
   * rows the amortisation gap.
   *
   * @param data the rows
   * @param config steps, learning rate and samples
   * @return posteriors (rows, latent) and their bounds, in nats
   */
  public OptimizedCodes optimize(DataSet data, InferenceConfig config) {
    try (Turn turn = turns.get()) {
      DataFit.check(spec.get(), data);
      LatentUse.OPTIMIZATION.require("optimize", spec.get().latents());
      return new Inference(backend, spec.get(), parameters).optimize(data, config);
    }
  }

  /**
   * Draws codes from the posterior of each row, of any family.
   *
   * @param data N rows
   * @param samples per row
   * @param seed of the noise
   * @return (N * samples, latent), with the draws of a row adjacent
   * @throws IllegalArgumentException if samples is less than 1
   * @throws VaeException if the model cannot take the rows, or a code is not finite; it names the
   *     row
   */
  public Matrix posteriorSamples(DataSet data, int samples, long seed) {
    try (Turn turn = turns.get()) {
      DataFit.check(spec.get(), data);
      return evaluator.posteriorSamples(data, Vae.atLeastOne("samples", samples), seed);
    }
  }

  /**
   * Draws codes from the posteriors of rows, to fit a sampler to them, without regard to the
   * weights of rows: {@link #weightedPosterior} has them.
   *
   * @param data N rows
   * @param draws per row
   * @param seed of the noise
   * @return (N * draws, latent)
   */
  public Matrix aggregatePosterior(DataSet data, int draws, long seed) {
    try (Turn turn = turns.get()) {
      LatentUse.AGGREGATION.require("aggregatePosterior", spec.get().latents());
      return PosteriorDraws.draw(encode(data), draws, seed);
    }
  }

  /**
   * Draws codes from the posteriors of rows, to fit a sampler to them, with the weights of the
   * rows.
   *
   * @param data N rows
   * @param draws per row
   * @param seed of the noise
   * @return codes of all rows but those of weight 0, with the draws of a row adjacent
   */
  public WeightedCodes weightedPosterior(DataSet data, int draws, long seed) {
    return WeightedCodes.of(aggregatePosterior(data, draws, seed), draws, data);
  }

  /**
   * A scorer of single rows, with the same noise for each row.
   *
   * @param rows the rows, whose values may change between two calls
   * @param samples Monte-Carlo samples of each row
   * @param seed of the noise
   * @return the scorer, which the caller closes before the model
   */
  public RowScorer rowScorer(DataSet rows, int samples, long seed) {
    try (Turn turn = turns.get()) {
      DataFit.checkGiven(spec.get(), rows);
      int count = Vae.atLeastOne("samples", samples);
      return new RowScorer(backend, spec.get(), parameters, rows, count, seed);
    }
  }

  /**
   * Weighted samples of the posteriors of single rows with missing values, with the same noise for
   * each row.
   *
   * @param rows the rows, whose values may change between two calls; NaN for missing values
   * @param samples of each row
   * @param seed of the noise
   * @return the sampler, which the caller closes before the model
   */
  public RowPosterior rowPosterior(DataSet rows, int samples, long seed) {
    try (Turn turn = turns.get()) {
      DataFit.checkGiven(spec.get(), rows);
      int count = Vae.atLeastOne("samples", samples);
      return new RowPosterior(backend, spec.get(), parameters, rows, count, seed);
    }
  }

  /** The posterior q(z|x) of each row. */
  Codes encode(DataSet data) {
    try (Turn turn = turns.get()) {
      DataFit.checkGiven(spec.get(), data);
      return evaluator.encode(data);
    }
  }
}
