package io.github.vae4j.evaluate;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.DenseStack;
import io.github.vae4j.model.Joined;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.util.List;

/**
 * The passes of {@link Inference} for one batch of rows: encode, a step of the ascent, a score. The
 * statistics (B, 2 Z) that the encoder fills are the parameters that Adam changes. The ascent's
 * noise is that of training, the scores' that of evaluation, so neither sees the other's.
 */
final class InferencePlan implements AutoCloseable {
  private final Arena arena = new Arena();
  private final InferenceConfig config;
  private final int batch;
  private final Control control;
  private final Buffer kl;
  private final Buffer nll;
  private final Replay encode;
  private final Replay ascend;
  private final Replay score;

  /** FLOAT32 (B, 2 Z): means, then log variances. */
  final Buffer stats;

  /**
   * Plans the passes and reads the rows.
   *
   * @param scratch takes the gradient of the weights, which nobody wants
   */
  InferencePlan(
      Ops ops,
      VaeSpec spec,
      ParameterLayout layout,
      Buffer parameters,
      Buffer scratch,
      DataSet data,
      int first,
      int batch,
      InferenceConfig config) {
    this.config = config;
    this.batch = batch;
    try {
      int samples = config.samples();
      int features = spec.features();
      int latent = spec.latent();
      int rows = Math.multiplyExact(batch, samples);
      control = new Control(arena.own(ops.allocate(DType.FLOAT64, Control.LENGTH)));
      control.set(Control.BETA, 1);
      StagedRows values = new StagedRows(ops, arena, spec, data, batch, control);
      values.read(first, batch);
      List<PreparedOp> passes = values.gathers();
      Buffer condition = values.condition();
      int width = spec.conditions();
      Buffer x = values.values();
      Buffer mask = values.mask();
      Joined input = new Joined(ops, arena, x, features, condition, width, batch, 1);
      passes.addAll(input.forward());
      DenseStack encoder =
          new DenseStack(
              ops, arena, layout.encoder(), spec.encoder(), parameters, input.input(), batch);
      passes.addAll(encoder.forward());
      encode = arena.own(ops.record(passes));
      stats = encoder.output();

      Buffer z = ops.floats(arena, rows, latent);
      Buffer dz = ops.floats(arena, rows, latent);
      Buffer dStats = ops.floats(arena, batch, 2 * latent);
      kl = ops.floats(arena, batch, 1);
      nll = ops.floats(arena, rows, 1);
      Joined code = new Joined(ops, arena, z, latent, condition, width, rows, samples);
      Buffer dCode = code.gradient(dz);
      DenseStack decoder =
          new DenseStack(
              ops, arena, layout.decoder(), spec.decoder(), parameters, code.input(), rows);
      Buffer dOutput = ops.floats(arena, rows, spec.likelihood().parameters(features));

      passes.clear();
      passes.add(sample(ops, z, latent, first, Stream.EVALUATE));
      passes.addAll(code.forward());
      passes.addAll(decoder.forward());
      passes.add(
          arena.own(
              ops.likelihood(
                  new LikelihoodLoss(
                      spec.likelihood(),
                      decoder.output(),
                      layout.shared(parameters),
                      x,
                      mask,
                      null,
                      nll,
                      null,
                      null,
                      batch,
                      samples,
                      features,
                      1f))));
      score = arena.own(ops.record(passes));

      passes.clear();
      passes.add(sample(ops, z, latent, first, Stream.LATENT));
      passes.addAll(code.forward());
      passes.addAll(decoder.forward());
      passes.add(
          arena.own(
              ops.likelihood(
                  new LikelihoodLoss(
                      FixedVariance.of(spec.likelihood()),
                      decoder.output(),
                      layout.shared(parameters),
                      x,
                      mask,
                      null,
                      nll,
                      dOutput,
                      layout.shared(scratch),
                      batch,
                      samples,
                      features,
                      1f / samples))));
      passes.addAll(decoder.backward(scratch, dOutput, dCode));
      passes.addAll(code.backward(dCode, dz));
      passes.add(
          arena.own(
              ops.reparameterizeBackward(
                  new ReparameterizeBackward(
                      stats,
                      dz,
                      null,
                      dStats,
                      control,
                      batch,
                      samples,
                      latent,
                      config.seed(),
                      Stream.LATENT,
                      first,
                      1f,
                      0f))));
      passes.add(arena.own(ops.adam(update(ops, dStats, latent))));
      ascend = arena.own(ops.record(passes));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private PreparedOp sample(Ops ops, Buffer z, int latent, int first, Stream stream) {
    return arena.own(
        ops.reparameterize(
            new Reparameterize(
                stats,
                z,
                kl,
                null,
                null,
                control,
                batch,
                config.samples(),
                latent,
                config.seed(),
                stream,
                first)));
  }

  /**
   * Adam keeps no sum over its parameters as long as it does not clip, so rows do not meet in it: a
   * row that is not finite spoils itself alone, and no step is skipped.
   */
  private AdamUpdate update(Ops ops, Buffer dStats, int latent) {
    Buffer status = arena.own(ops.allocate(DType.FLOAT64, 1));
    status.write(new double[] {1});
    return new AdamUpdate(
        stats,
        dStats,
        ops.floats(arena, batch, 2 * latent),
        ops.floats(arena, batch, 2 * latent),
        null,
        arena.own(ops.allocate(DType.FLOAT64, 1)),
        status,
        arena.own(ops.allocate(DType.FLOAT64, 3)),
        control,
        0.9,
        0.999,
        1e-8,
        0,
        false,
        0,
        0);
  }

  /** Fills {@link #stats} with the encoder's answers and returns them. */
  float[] encode() {
    encode.run();
    return stats.toFloats();
  }

  /** Takes all steps of the ascent from what {@link #stats} are; to be called once. */
  void ascend() {
    for (int step = 0; step < config.steps(); step++) {
      control.set(Control.STEP, step).set(Control.LEARNING_RATE, config.rateAt(step)).upload();
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
      nll.read(losses);
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
