package io.github.vae4j.train;

import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.backend.op.ReparameterizeBackward;
import io.github.vae4j.model.DenseStack;
import io.github.vae4j.model.Joined;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One optimisation step for one batch size, planned and recorded: gather, encoder, reparameterise,
 * decoder, likelihood, all backward, gradient norm, metrics, Adam. The gradient is of the mean over
 * the batch of -(reconstruction - beta KL), each row's times its weight.
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
      Supply supply,
      int batch) {
    try {
      replay = arena.own(ops.record(plan(ops, spec, layout, config, memory, supply, batch)));
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
      Supply supply,
      int batch) {
    int features = spec.features();
    int latent = spec.latent();
    int samples = config.objective().samples();
    int rows = Math.multiplyExact(batch, samples);
    float freeBits = (float) config.objective().freeBits();
    long seed = config.seed();

    Buffer x = ops.floats(arena, batch, features);
    Buffer mask = supply.missing() ? ops.floats(arena, batch, features) : null;
    Buffer condition = optional(ops, supply.condition(), batch, spec.conditions());
    Buffer rowWeight = optional(ops, supply.weights(), batch, 1);
    Buffer z = ops.floats(arena, rows, latent);
    Buffer kl = ops.floats(arena, batch, 1);
    Buffer klPerDimension = freeBits > 0 ? ops.floats(arena, latent, 1) : null;
    Buffer nll = ops.floats(arena, rows, 1);
    Buffer dz = ops.floats(arena, rows, latent);
    Buffer dStats = ops.floats(arena, batch, 2 * latent);
    Joined given = new Joined(ops, arena, x, features, condition, spec.conditions(), batch, 1);
    DenseStack encoder =
        new DenseStack(
            ops, arena, layout.encoder(), spec.encoder(), memory.parameters, given.input(), batch);
    Joined code = new Joined(ops, arena, z, latent, condition, spec.conditions(), rows, samples);
    DenseStack decoder =
        new DenseStack(
            ops, arena, layout.decoder(), spec.decoder(), memory.parameters, code.input(), rows);
    Buffer dOutput = ops.floats(arena, rows, spec.likelihood().parameters(features));
    Buffer dCode = code.gradient(dz);

    List<PreparedOp> step = new ArrayList<>();
    boolean binarize = config.binarize() == TrainConfig.Binarize.DYNAMIC;
    step.add(arena.own(supply.rows().gather(ops, x, mask, memory.control, batch, binarize)));
    addGather(step, ops, supply.condition(), condition, memory, batch);
    addGather(step, ops, supply.weights(), rowWeight, memory, batch);
    step.addAll(given.forward());
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
    step.addAll(code.forward());
    step.addAll(decoder.forward());
    step.add(
        arena.own(
            ops.likelihood(
                new LikelihoodLoss(
                    spec.likelihood(),
                    decoder.output(),
                    layout.shared(memory.parameters),
                    x,
                    mask,
                    rowWeight,
                    nll,
                    dOutput,
                    layout.shared(memory.gradients),
                    batch,
                    samples,
                    features,
                    1f / rows))));
    step.addAll(decoder.backward(memory.gradients, dOutput, dCode));
    step.addAll(code.backward(dCode, dz));
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

  private @Nullable Buffer optional(Ops ops, @Nullable Feed feed, int batch, int columns) {
    return feed == null ? null : ops.floats(arena, batch, columns);
  }

  private void addGather(
      List<PreparedOp> step,
      Ops ops,
      @Nullable Feed feed,
      @Nullable Buffer out,
      TrainingMemory memory,
      int batch) {
    if (feed != null && out != null) {
      step.add(arena.own(feed.gather(ops, out, null, memory.control, batch, false)));
    }
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

  /** Takes the step. */
  void run() {
    replay.run();
  }

  @Override
  public void close() {
    arena.close();
  }
}
