package io.github.vae4j.evaluate;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.likelihood.Composite;
import io.github.vae4j.likelihood.GaussianOptimal;
import io.github.vae4j.likelihood.GaussianShared;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.model.DenseStack;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import io.github.vae4j.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
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
      Buffer x = ops.floats(arena, batch, features);
      Buffer staging = staging(ops, data, first);
      List<PreparedOp> passes = new ArrayList<>();
      passes.add(
          arena.own(
              ops.gather(
                  new Gather(
                      staging,
                      null,
                      x,
                      control,
                      batch,
                      features,
                      batch,
                      data.scale(),
                      false,
                      false,
                      config.seed()))));
      DenseStack encoder =
          new DenseStack(ops, arena, layout.encoder(), spec.encoder(), parameters, x, batch);
      passes.addAll(encoder.forward());
      encode = arena.own(ops.record(passes));
      stats = encoder.output();

      Buffer z = ops.floats(arena, rows, latent);
      Buffer dz = ops.floats(arena, rows, latent);
      Buffer dStats = ops.floats(arena, batch, 2 * latent);
      kl = ops.floats(arena, batch, 1);
      nll = ops.floats(arena, rows, 1);
      DenseStack decoder =
          new DenseStack(ops, arena, layout.decoder(), spec.decoder(), parameters, z, rows);
      Buffer dOutput = ops.floats(arena, rows, spec.likelihood().parameters(features));

      passes.clear();
      passes.add(sample(ops, z, latent, first, Stream.EVALUATE));
      passes.addAll(decoder.forward());
      passes.add(
          arena.own(
              ops.likelihood(
                  new LikelihoodLoss(
                      spec.likelihood(),
                      decoder.output(),
                      layout.shared(parameters),
                      x,
                      null,
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
      passes.addAll(decoder.forward());
      passes.add(
          arena.own(
              ops.likelihood(
                  new LikelihoodLoss(
                      withoutRefitting(spec.likelihood()),
                      decoder.output(),
                      layout.shared(parameters),
                      x,
                      null,
                      null,
                      nll,
                      dOutput,
                      layout.shared(scratch),
                      batch,
                      samples,
                      features,
                      1f / samples))));
      passes.addAll(decoder.backward(scratch, dOutput, dz));
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

  private Buffer staging(Ops ops, DataSet data, int first) {
    int values = Math.multiplyExact(batch, data.features());
    ByteBuffer host =
        ByteBuffer.allocateDirect(Math.multiplyExact(values, data.type().bytes()))
            .order(ByteOrder.nativeOrder());
    data.read(first, batch, host);
    Buffer staging = arena.own(ops.allocate(data.type(), values));
    staging.memory().write(0, host.flip());
    return staging;
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

  /** The same likelihood with the variance that training left, not one refitted to this batch. */
  private static Likelihood withoutRefitting(Likelihood likelihood) {
    if (likelihood instanceof Composite composite) {
      return new Composite(
          composite.parts().stream()
              .map(
                  part ->
                      new Composite.Part(
                          part.first(), part.last(), withoutRefitting(part.likelihood())))
              .toList());
    }
    return likelihood instanceof GaussianOptimal ? new GaussianShared() : likelihood;
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
