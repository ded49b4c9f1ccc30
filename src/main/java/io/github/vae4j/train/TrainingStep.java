package io.github.vae4j.train;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.Estimator;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.SampleWeights;
import io.github.vae4j.model.DenseStack;
import io.github.vae4j.model.EncoderStage;
import io.github.vae4j.model.Joined;
import io.github.vae4j.model.LatentStage;
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
 * decoder, likelihood, all backward with the penalties on q(z), gradient norm, metrics, Adam. Where
 * samples of a row have weights, the likelihood runs twice: for the weights, then for the gradient
 * that they scale. What the rows carry besides their values goes along: what they are conditional
 * on, what is missing, and their weights, which scale all of a row's loss.
 */
final class TrainingStep implements AutoCloseable {
  private final Arena arena = new Arena();
  private final Ops ops;
  private final VaeSpec spec;
  private final ParameterLayout layout;
  private final TrainConfig config;
  private final TrainingMemory memory;
  private final int batch;
  private final int samples;
  private final Replay replay;

  TrainingStep(
      Ops ops,
      VaeSpec spec,
      ParameterLayout layout,
      TrainConfig config,
      TrainingMemory memory,
      Supply supply,
      int batch) {
    this.ops = ops;
    this.spec = spec;
    this.layout = layout;
    this.config = config;
    this.memory = memory;
    this.batch = batch;
    this.samples = config.objective().bound().rowSamples();
    if (supply.weights() != null
        && config.objective().bound().gradient() == Estimator.DOUBLY_REPARAMETERIZED) {
      throw new VaeException(
          "rows have weights, which the doubly reparameterised gradient does not take: train with"
              + " another gradient, or without weights");
    }
    try {
      replay = arena.own(ops.record(plan(supply)));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private List<PreparedOp> plan(Supply supply) {
    Objective objective = config.objective();
    int latent = spec.latent();
    int rows = Math.multiplyExact(batch, samples);
    Buffer x = ops.floats(arena, batch, spec.features());
    Buffer mask = supply.missing() ? ops.floats(arena, batch, spec.features()) : null;
    Buffer condition = beside(supply.condition(), spec.conditions());
    Buffer rowWeight = beside(supply.weights(), 1);
    Joined input = join(x, spec.features(), condition, 1);
    EncoderStage encoder =
        new EncoderStage(ops, arena, spec, layout, memory.parameters, input.input(), batch);
    LatentStage middle =
        new LatentStage(
            ops,
            arena,
            spec,
            layout,
            memory.parameters,
            encoder,
            new LatentStage.Noise(memory.control, config.seed(), Stream.LATENT),
            outputs(objective),
            batch,
            samples);
    Joined code = join(middle.z(), latent, condition, samples);
    DenseStack decoder =
        new DenseStack(
            ops, arena, layout.decoder(), spec.decoder(), memory.parameters, code.input(), rows);
    Buffer nll = ops.floats(arena, rows, 1);
    Buffer dOutput = ops.floats(arena, rows, spec.likelihood().parameters(spec.features()));
    Buffer dz = ops.floats(arena, rows, latent);
    Buffer dCode = code.gradient(dz);
    EncoderStage.Gradient dHead = encoder.gradient();
    boolean weighted = objective.bound().weighted();
    Buffer weight = weighted || rowWeight != null ? ops.floats(arena, rows, 1) : null;
    Buffer bound = weighted ? ops.floats(arena, batch, 1) : null;
    Penalties penalties =
        new Penalties(
            ops,
            arena,
            objective,
            new Penalties.Codes(encoder.gaussian(), middle.z(), batch, samples, latent));

    List<PreparedOp> step = new ArrayList<>();
    boolean binarize = config.binarize() == TrainConfig.Binarize.DYNAMIC;
    step.add(arena.own(supply.rows().gather(ops, x, mask, memory.control, batch, binarize)));
    addGather(step, supply.condition(), condition);
    addGather(step, supply.weights(), rowWeight);
    step.addAll(input.forward());
    step.addAll(encoder.forward());
    step.addAll(middle.forward());
    step.addAll(code.forward());
    step.addAll(decoder.forward());
    if (weight != null && bound != null) {
      step.add(likelihood(decoder.output(), x, mask, null, nll, null));
      step.add(weigh(nll, middle.logRatio(), rowWeight, weight, bound));
    } else if (weight != null && rowWeight != null) {
      step.add(forEachSample(rowWeight, weight));
    }
    step.add(likelihood(decoder.output(), x, mask, weight, nll, dOutput));
    step.addAll(decoder.backward(memory.gradients, dOutput, dCode));
    step.addAll(code.backward(dCode, dz));
    int dataRows = supply.rows().dataRows();
    step.addAll(penalties.forward(dz, memory.control, config.seed(), dataRows));
    step.addAll(middle.backward(memory.gradients, dz, term(objective, weight), dHead));
    step.addAll(penalties.backward(dHead.gaussian(), dataRows));
    step.addAll(encoder.backward(memory.gradients, dHead));
    step.add(arena.own(ops.globalNorm(new GlobalNorm(memory.gradients, memory.norm))));
    step.add(
        arena.own(
            ops.recordMetrics(
                new RecordMetrics(
                    nll,
                    middle.kl(),
                    bound,
                    penalties.values(),
                    memory.norm,
                    memory.ring,
                    memory.status,
                    memory.control,
                    TrainingMemory.SLOTS))));
    step.add(arena.own(ops.adam(update())));
    return step;
  }

  /** Room for what a feed gives to each row of the batch; null without one. */
  private @Nullable Buffer beside(@Nullable Feed feed, int columns) {
    return feed == null ? null : ops.floats(arena, batch, columns);
  }

  private void addGather(List<PreparedOp> step, @Nullable Feed feed, @Nullable Buffer out) {
    if (feed != null && out != null) {
      step.add(arena.own(feed.gather(ops, out, null, memory.control, batch, false)));
    }
  }

  private Joined join(Buffer values, int columns, @Nullable Buffer condition, int repeat) {
    return new Joined(
        ops, arena, values, columns, condition, spec.conditions(), batch * repeat, repeat);
  }

  private PreparedOp forEachSample(Buffer rowWeight, Buffer weight) {
    return arena.own(
        ops.copyColumns(
            new CopyColumns(rowWeight, weight, batch * samples, samples, 1, 1, 0, 1, 0)));
  }

  /** The loss of each sample and, where dOutput is given, its gradient. */
  private PreparedOp likelihood(
      Buffer output,
      Buffer x,
      @Nullable Buffer mask,
      @Nullable Buffer weight,
      Buffer nll,
      @Nullable Buffer dOutput) {
    return arena.own(
        ops.likelihood(
            new LikelihoodLoss(
                spec.likelihood(),
                output,
                layout.shared(memory.parameters),
                x,
                mask,
                weight,
                nll,
                dOutput,
                dOutput == null ? null : layout.shared(memory.gradients),
                batch,
                samples,
                spec.features(),
                1f / (batch * samples))));
  }

  private PreparedOp weigh(
      Buffer nll, Buffer logRatio, @Nullable Buffer rowWeight, Buffer weight, Buffer bound) {
    Objective.Bound kind = config.objective().bound();
    return arena.own(
        ops.sampleWeights(
            new SampleWeights(
                nll,
                logRatio,
                rowWeight,
                weight,
                bound,
                memory.control,
                batch,
                samples,
                kind.groups(),
                kind.alpha())));
  }

  private static LatentStage.Outputs outputs(Objective objective) {
    boolean perDimension = objective.freeBits() > 0 || objective.capacity().nats() > 0;
    return new LatentStage.Outputs(objective.bound().weighted(), perDimension, false);
  }

  private LatentStage.Term term(Objective objective, @Nullable Buffer weight) {
    Objective.Bound bound = objective.bound();
    return new LatentStage.Term(
        weight,
        bound.weighted() ? bound.groups() : samples,
        1f / batch,
        (float) objective.freeBits(),
        objective.capacity().nats() > 0,
        // The analytic KL of an ELBO is estimated where it has no closed form.
        spec.latents().closedForm() ? bound.gradient() : Estimator.SAMPLED);
  }

  private AdamUpdate update() {
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
    return Math.min(replay.stepsPerCall(), TrainingMemory.BLOCKS);
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
