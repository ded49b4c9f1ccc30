package io.github.vae4j.train;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.model.DenseStack;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One optimisation step for one batch size, planned and recorded: gather, encoder, reparameterise,
 * decoder, likelihood, all backward, gradient norm, metrics, Adam. The gradient is of the mean over
 * the batch of -(reconstruction - beta KL).
 */
final class TrainingStep implements AutoCloseable {
  private final Arena arena = new Arena();
  private final Replay replay;

  TrainingStep(
      Ops ops,
      VaeSpec spec,
      ParameterLayout layout,
      TrainConfig config,
      TrainingMemory memory,
      Feed feed,
      int batch) {
    try {
      replay = arena.own(ops.record(plan(ops, spec, layout, config, memory, feed, batch)));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private List<PreparedOp> plan(
      Ops ops,
      VaeSpec spec,
      ParameterLayout layout,
      TrainConfig config,
      TrainingMemory memory,
      Feed feed,
      int batch) {
    int features = spec.features();
    int latent = spec.latent();
    int samples = config.objective().samples();
    int rows = Math.multiplyExact(batch, samples);
    float freeBits = (float) config.objective().freeBits();
    long seed = config.seed();

    Buffer x = ops.floats(arena, batch, features);
    Buffer z = ops.floats(arena, rows, latent);
    Buffer kl = ops.floats(arena, batch, 1);
    Buffer klPerDimension = freeBits > 0 ? ops.floats(arena, latent, 1) : null;
    Buffer nll = ops.floats(arena, rows, 1);
    Buffer dz = ops.floats(arena, rows, latent);
    Buffer dStats = ops.floats(arena, batch, 2 * latent);
    DenseStack encoder =
        new DenseStack(ops, arena, layout.encoder(), spec.encoder(), memory.parameters, x, batch);
    DenseStack decoder =
        new DenseStack(ops, arena, layout.decoder(), spec.decoder(), memory.parameters, z, rows);
    Buffer dOutput = ops.floats(arena, rows, spec.likelihood().parameters(features));

    List<PreparedOp> step = new ArrayList<>();
    step.add(
        arena.own(
            ops.gather(
                new Gather(
                    feed.source(),
                    null,
                    x,
                    memory.control,
                    feed.rows(),
                    features,
                    batch,
                    feed.scale(),
                    feed.shuffle(),
                    config.binarize() == TrainConfig.Binarize.DYNAMIC,
                    seed))));
    step.addAll(encoder.forward());
    step.add(
        arena.own(
            ops.reparameterize(
                new Reparameterize(
                    encoder.output(),
                    z,
                    kl,
                    klPerDimension,
                    null,
                    memory.control,
                    batch,
                    samples,
                    latent,
                    seed,
                    Stream.LATENT,
                    0))));
    step.addAll(decoder.forward());
    step.add(
        arena.own(
            ops.likelihood(
                new LikelihoodLoss(
                    spec.likelihood(),
                    decoder.output(),
                    layout.shared(memory.parameters),
                    x,
                    null,
                    null,
                    nll,
                    dOutput,
                    layout.shared(memory.gradients),
                    batch,
                    samples,
                    features,
                    1f / rows))));
    step.addAll(decoder.backward(memory.gradients, dOutput, dz));
    step.add(
        arena.own(
            ops.reparameterizeBackward(
                new ReparameterizeBackward(
                    encoder.output(),
                    dz,
                    klPerDimension,
                    dStats,
                    memory.control,
                    batch,
                    samples,
                    latent,
                    seed,
                    Stream.LATENT,
                    0,
                    1f / batch,
                    freeBits))));
    step.addAll(encoder.backward(memory.gradients, dStats, null));
    step.add(arena.own(ops.globalNorm(new GlobalNorm(memory.gradients, memory.norm))));
    step.add(
        arena.own(
            ops.recordMetrics(
                new RecordMetrics(
                    nll,
                    kl,
                    memory.norm,
                    memory.ring,
                    memory.status,
                    memory.control,
                    TrainingMemory.SLOTS))));
    step.add(arena.own(ops.adam(update(config, memory))));
    return step;
  }

  private static AdamUpdate update(TrainConfig config, TrainingMemory memory) {
    TrainConfig.Optimizer optimizer = config.optimizer();
    return new AdamUpdate(
        memory.parameters,
        memory.gradients,
        memory.m,
        memory.v,
        memory.average,
        memory.norm,
        memory.status,
        memory.adamState,
        memory.control,
        optimizer.beta1(),
        optimizer.beta2(),
        optimizer.epsilon(),
        optimizer.weightDecay(),
        optimizer.decoupled(),
        optimizer.clipNorm(),
        config.emaDecay());
  }

  /** How many steps in a row are best taken together. */
  int together() {
    return Math.min(replay.stepsPerCall(), TrainingMemory.SLOTS);
  }

  /** Takes so many steps, each with its block of the control. */
  void run(Control control, int steps) {
    replay.run(control, steps);
  }

  @Override
  public void close() {
    arena.close();
  }
}
