// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.latent.DecoderPass;
import io.github.vae4j.latent.EncoderInput;
import io.github.vae4j.latent.EncoderStage;
import io.github.vae4j.latent.Rows;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.DType;
import io.github.vae4j.tensor.Tensor;
import java.util.List;

/**
 * The passes of {@link Inference} for one batch of rows: encode, a step of the ascent, a score. The
 * statistics (B, 2 Z) that the encoder fills are the parameters that Adam changes. The ascent has
 * the noise of training, the scores have the noise of evaluation, so that the two are independent.
 */
final class InferencePlan implements AutoCloseable {
  private final Arena arena = new Arena();
  private final InferenceConfig config;
  private final int batch;
  private final Control control;
  private final Tensor kl;
  private final Tensor nll;
  private final Program encode;
  private final Program ascend;
  private final Program score;
  private final Tensor moment;
  private final Tensor square;
  private final Tensor counts;

  /** FLOAT32 (B, 2 Z): means, then log variances. */
  final Tensor stats;

  /**
   * Plans the passes and reads the rows.
   *
   * @param scratch receives the gradient of the weights, which is not used
   */
  InferencePlan(
      Backend backend,
      VaeSpec spec,
      Parameters parameters,
      Parameters scratch,
      DataSet data,
      int first,
      int batch,
      InferenceConfig config) {
    this.config = config;
    this.batch = batch;
    try {
      int samples = config.samples();
      int latent = spec.latent();
      control = new Control(arena.own(backend.allocate(DType.FLOAT64, Control.LENGTH)));
      control.set(Control.BETA, 1);
      StagedRows.Source source = StagedRows.Source.of(spec, data);
      StagedRows values = new StagedRows(backend, arena, source.form(), batch, control);
      values.read(source, first, batch);
      List<Op> passes = values.gathers();
      Pass pass = new Pass(backend, arena, parameters, null);
      Rows rows = values.rows();
      EncoderInput input = new EncoderInput(pass, spec, rows);
      passes.addAll(input.forward());
      EncoderStage encoder = new EncoderStage(pass, spec, input.input());
      passes.addAll(encoder.forward());
      encode = arena.own(backend.compile(passes));
      stats = encoder.gaussian();

      Tensor z = pass.tensor(batch, samples, latent);
      Tensor dz = pass.tensor(batch, samples, latent);
      Tensor dStats = pass.tensor(batch, 2 * latent);
      kl = pass.tensor(batch);
      nll = pass.tensor(batch, samples);
      DecoderPass decoder = new DecoderPass(pass, z, rows.condition());

      passes.clear();
      passes.add(sample(z, first, Stream.EVALUATE));
      passes.addAll(decoder.forward());
      passes.add(decoder.loss(spec.likelihood(), rows, nll));
      score = arena.own(backend.compile(passes));

      int count = Math.toIntExact(stats.length());
      moment = backend.tensor(arena, count);
      square = backend.tensor(arena, count);
      counts = counts(backend, 3);
      Reparameterize sample = sample(z, first, Stream.LATENT);
      Likelihood fixed = FixedVariance.of(spec.likelihood());
      passes.clear();
      passes.add(sample);
      passes.addAll(decoder.forward());
      passes.addAll(decoder.lossAndBackward(fixed, rows, null, nll, scratch, dz, 1f / samples));
      passes.add(
          new ReparameterizeBackward(
              sample, dz, null, dStats, samples, 1f, 0f, false, Estimator.ANALYTIC));
      passes.add(update(backend, dStats));
      ascend = arena.own(backend.compile(passes));
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private Reparameterize sample(Tensor z, int first, Stream stream) {
    return new Reparameterize(stats, z, kl, null, null, control, config.seed(), stream, first);
  }

  /**
   * Adam without clipping uses no sum over its parameters, so that rows are independent: a row that
   * is not finite does not change others, and no step is skipped.
   */
  private AdamUpdate update(Backend backend, Tensor dStats) {
    int count = Math.toIntExact(stats.length());
    Tensor status = counts(backend, 1);
    status.buffer().write(new double[] {1});
    return new AdamUpdate(
        stats.as(count),
        dStats.as(count),
        moment,
        square,
        null,
        counts(backend, 1),
        status,
        counts,
        control,
        0.9,
        0.999,
        1e-8,
        0,
        false,
        0,
        0);
  }

  private Tensor counts(Backend backend, int count) {
    return new Tensor(arena.own(backend.allocate(DType.FLOAT64, count)), count);
  }

  /** Sets {@link #stats} to the encoder's outputs and returns them. */
  float[] encode() {
    encode.run();
    return stats.toFloats();
  }

  /** Runs the steps of a round of the ascent from the present {@link #stats}, with new moments. */
  void ascend(int round) {
    moment.write(new float[Math.toIntExact(moment.length())]);
    square.write(new float[Math.toIntExact(square.length())]);
    counts.buffer().write(new double[3]);
    for (int step = 0; step < config.steps(); step++) {
      control
          .set(Control.STEP, (double) round * config.steps() + step)
          .set(Control.LEARNING_RATE, config.rateAt(step))
          .upload();
      ascend.run();
    }
  }

  /** The bound of each row with the posteriors of {@link #stats}; the same noise at each call. */
  double[] score() {
    int samples = config.samples();
    double[] bounds = new double[batch];
    float[] losses = new float[batch * samples];
    for (int done = 0; done < config.scoringSamples(); done += samples) {
      control.set(Control.STEP, done).upload();
      score.run();
      nll.buffer().read(losses);
      int wanted = Math.min(samples, config.scoringSamples() - done);
      for (int row = 0; row < batch; row++) {
        for (int l = 0; l < wanted; l++) {
          bounds[row] -= losses[row * samples + l];
        }
      }
    }
    float[] divergences = kl.toFloats();
    for (int row = 0; row < batch; row++) {
      bounds[row] = bounds[row] / config.scoringSamples() - divergences[row];
    }
    return bounds;
  }

  @Override
  public void close() {
    arena.close();
  }
}
