package io.github.vae4j.train;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Ops;
import io.github.vae4j.backend.PreparedOp;
import io.github.vae4j.backend.Replay;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Estimator;
import io.github.vae4j.backend.op.Gather;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.LikelihoodLoss;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.SampleWeights;
import io.github.vae4j.model.DenseStack;
import io.github.vae4j.model.EncoderStage;
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
 * decoder, likelihood, all backward, gradient norm, metrics, Adam. Where samples of a row have
 * weights, the likelihood runs twice: for the weights, then for the gradient that they scale.
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
      Feed feed,
      int batch) {
    this.ops = ops;
    this.spec = spec;
    this.layout = layout;
    this.config = config;
    this.memory = memory;
    this.batch = batch;
    this.samples = config.objective().bound().rowSamples();
    if (config.objective().mmd() > 0 || config.objective().totalCorrelation() > 0) {
      throw new VaeException("mmd and totalCorrelation: no backend has these penalties yet");
    }
    try {
      replay = arena.own(ops.record(plan(feed)));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private List<PreparedOp> plan(Feed feed) {
    Objective objective = config.objective();
    int latent = spec.latent();
    int rows = Math.multiplyExact(batch, samples);
    Buffer x = ops.floats(arena, batch, spec.features());
    EncoderStage encoder = new EncoderStage(ops, arena, spec, layout, memory.parameters, x, batch);
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
    DenseStack decoder =
        new DenseStack(
            ops, arena, layout.decoder(), spec.decoder(), memory.parameters, middle.z(), rows);
    Buffer nll = ops.floats(arena, rows, 1);
    Buffer dOutput = ops.floats(arena, rows, spec.likelihood().parameters(spec.features()));
    Buffer dz = ops.floats(arena, rows, latent);
    EncoderStage.Gradient dHead = encoder.gradient();
    boolean weighted = objective.bound().weighted();
    Buffer weight = weighted ? ops.floats(arena, rows, 1) : null;
    Buffer bound = weighted ? ops.floats(arena, batch, 1) : null;

    List<PreparedOp> step = new ArrayList<>();
    step.add(gather(feed, x));
    step.addAll(encoder.forward());
    step.addAll(middle.forward());
    step.addAll(decoder.forward());
    if (weight != null && bound != null) {
      step.add(likelihood(decoder.output(), x, null, nll, null));
      step.add(weigh(nll, middle.logRatio(), weight, bound));
    }
    step.add(likelihood(decoder.output(), x, weight, nll, dOutput));
    step.addAll(decoder.backward(memory.gradients, dOutput, dz));
    step.addAll(middle.backward(memory.gradients, dz, term(objective, weight), dHead));
    step.addAll(encoder.backward(memory.gradients, dHead));
    step.add(arena.own(ops.globalNorm(new GlobalNorm(memory.gradients, memory.norm))));
    step.add(
        arena.own(
            ops.recordMetrics(
                new RecordMetrics(
                    nll,
                    middle.kl(),
                    bound,
                    memory.norm,
                    memory.ring,
                    memory.status,
                    memory.control,
                    TrainingMemory.SLOTS))));
    step.add(arena.own(ops.adam(update())));
    return step;
  }

  private PreparedOp gather(Feed feed, Buffer x) {
    return arena.own(
        ops.gather(
            new Gather(
                feed.source(),
                null,
                x,
                memory.control,
                feed.rows(),
                spec.features(),
                batch,
                feed.scale(),
                feed.shuffle(),
                config.binarize() == TrainConfig.Binarize.DYNAMIC,
                config.seed())));
  }

  /** The loss of each sample and, where dOutput is given, its gradient. */
  private PreparedOp likelihood(
      Buffer output, Buffer x, @Nullable Buffer weight, Buffer nll, @Nullable Buffer dOutput) {
    return arena.own(
        ops.likelihood(
            new LikelihoodLoss(
                spec.likelihood(),
                output,
                layout.shared(memory.parameters),
                x,
                null,
                weight,
                nll,
                dOutput,
                dOutput == null ? null : layout.shared(memory.gradients),
                batch,
                samples,
                spec.features(),
                1f / (batch * samples))));
  }

  private PreparedOp weigh(Buffer nll, Buffer logRatio, Buffer weight, Buffer bound) {
    Objective.Bound kind = config.objective().bound();
    return arena.own(
        ops.sampleWeights(
            new SampleWeights(
                nll,
                logRatio,
                null,
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

  /** Takes the step. */
  void run() {
    replay.run();
  }

  @Override
  public void close() {
    arena.close();
  }
}
