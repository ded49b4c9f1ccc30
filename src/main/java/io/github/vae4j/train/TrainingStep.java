// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Augmentation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.AdamUpdate;
import io.github.vae4j.backend.op.Control;
import io.github.vae4j.backend.op.CopyColumns;
import io.github.vae4j.backend.op.GlobalNorm;
import io.github.vae4j.backend.op.Op;
import io.github.vae4j.backend.op.RecordMetrics;
import io.github.vae4j.backend.op.SampleWeights;
import io.github.vae4j.latent.EncoderStage;
import io.github.vae4j.latent.LatentStage;
import io.github.vae4j.latent.Rows;
import io.github.vae4j.latent.VaePass;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One optimisation step for one batch size, compiled: gather, encoder, reparameterise, decoder,
 * likelihood, the backward pass with the penalties on q(z), gradient norm, metrics, Adam. If the
 * samples of a row have weights, the likelihood runs twice: for the weights, then for the gradient,
 * which the weights scale. Conditions, masks and weights of rows are gathered with the rows; the
 * weight of a row scales the gradient of its whole loss.
 */
final class TrainingStep implements AutoCloseable {
  private final Arena arena = new Arena();
  private final Backend backend;
  private final VaeSpec spec;
  private final TrainConfig config;
  private final TrainingMemory memory;
  private final int batch;
  private final int samples;
  private final Program program;

  TrainingStep(
      Backend backend,
      VaeSpec spec,
      TrainConfig config,
      TrainingMemory memory,
      Supply supply,
      int batch) {
    this.backend = backend;
    this.spec = spec;
    this.config = config;
    this.memory = memory;
    this.batch = batch;
    this.samples = config.objective().bound().rowSamples();
    if (supply.weights() != null
        && config.objective().bound().gradient() == Estimator.DOUBLY_REPARAMETERIZED) {
      throw new VaeException(
          "rows have weights, which the doubly reparameterised gradient does not support: train with"
              + " another gradient, or without weights");
    }
    try {
      program = arena.own(backend.compile(plan(supply)));
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private List<Op> plan(Supply supply) {
    Objective objective = config.objective();
    Control control = memory.control;
    Pass pass =
        new Pass(backend, arena, memory.parameters, new Pass.Training(control, config.seed()));
    Tensor x = pass.tensor(batch, spec.features());
    Tensor mask = supply.missing() ? pass.tensor(batch, spec.features()) : null;
    Tensor condition = beside(supply.condition(), spec.conditions());
    Tensor rowWeight = beside(supply.weights(), 1);
    VaePass model =
        new VaePass(
            pass,
            spec,
            new Rows(x, mask, condition),
            new LatentStage.Noise(control, config.seed(), Stream.LATENT, false),
            outputs(objective),
            samples);
    EncoderStage encoder = model.encoder();
    LatentStage latent = model.latent();
    Parameters gradients = memory.gradientsByName();
    Tensor dz = pass.tensor(batch, samples, spec.latent());
    EncoderStage.Gradient dHead = encoder.gradient();
    boolean weighted = objective.bound().weighted();
    Tensor weight = weighted || rowWeight != null ? pass.tensor(batch, samples) : null;
    Tensor bound = weighted ? pass.tensor(batch) : null;
    Penalties penalties =
        new Penalties(
            backend,
            arena,
            objective,
            new Penalties.Codes(encoder.gaussian(), latent.z(), dz),
            control,
            config.seed(),
            supply.rows().data().rows());

    List<Op> step = new ArrayList<>();
    boolean binarize = config.binarize() == TrainConfig.Binarize.DYNAMIC;
    Augmentation augmentation = DataFit.augmentation(spec, supply.rows().data(), config.augment());
    step.add(supply.rows().gather(x, mask, control, binarize, augmentation));
    addGather(step, supply.condition(), condition);
    addGather(step, supply.weights(), rowWeight);
    step.addAll(model.encode());
    step.addAll(model.sample());
    step.addAll(model.decode());
    if (weight != null && bound != null) {
      step.add(model.loss());
      step.add(weigh(model.nll(), latent.logRatio(), rowWeight, weight, bound));
    } else if (weight != null && rowWeight != null) {
      step.add(new CopyColumns(rowWeight, weight.as(batch, samples, 1), 0, 0, 1));
    }
    step.addAll(model.lossAndBackward(weight, gradients, dz));
    step.addAll(penalties.forward());
    step.addAll(latent.backward(gradients, dz, term(objective, weight), dHead));
    step.addAll(penalties.backward(dHead.gaussian()));
    step.addAll(encoder.backward(gradients, dHead));
    step.add(new GlobalNorm(memory.gradients, memory.norm));
    step.add(
        new RecordMetrics(
            model.nll(),
            latent.kl(),
            bound,
            penalties.values(),
            memory.norm,
            memory.ring,
            memory.status,
            control,
            AdamUpdate.mostNorm(config.optimizer().clipNorm())));
    step.add(update());
    step.addAll(model.update(memory.status));
    return step;
  }

  /** Allocates the output of a feed for a batch; null without a feed. */
  private @Nullable Tensor beside(@Nullable Feed feed, int columns) {
    return feed == null ? null : backend.tensor(arena, batch, columns);
  }

  private void addGather(List<Op> step, @Nullable Feed feed, @Nullable Tensor out) {
    if (feed != null && out != null) {
      step.add(feed.gather(out, null, memory.control, false, Augmentation.NONE));
    }
  }

  private Op weigh(
      Tensor nll, Tensor logRatio, @Nullable Tensor rowWeight, Tensor weight, Tensor bound) {
    Objective.Bound kind = config.objective().bound();
    return new SampleWeights(
        nll,
        logRatio,
        rowWeight == null ? null : rowWeight.as(batch),
        weight,
        bound,
        memory.control,
        kind.groups(),
        kind.alpha());
  }

  private static LatentStage.Outputs outputs(Objective objective) {
    boolean perDimension = objective.freeBits() > 0 || objective.capacity().nats() > 0;
    return new LatentStage.Outputs(objective.bound().weighted(), perDimension, false);
  }

  private LatentStage.Term term(Objective objective, @Nullable Tensor weight) {
    Objective.Bound bound = objective.bound();
    return new LatentStage.Term(
        weight,
        bound.weighted() ? bound.groups() : samples,
        1f / batch,
        (float) objective.freeBits(),
        objective.capacity().nats() > 0,
        // The analytic KL of an ELBO is estimated if it has no closed form.
        spec.latents().closedForm() ? bound.gradient() : Estimator.SAMPLED);
  }

  private AdamUpdate update() {
    TrainConfig.Optimizer optimizer = config.optimizer();
    return new AdamUpdate(
        memory.parameters.trained(),
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

  /** The number of consecutive steps that are best run by one call. */
  int together() {
    return Math.min(program.runsPerCall(), TrainingMemory.BLOCKS);
  }

  /** Runs a number of steps, each with its block of the control. */
  void run(Control control, int steps) {
    program.run(control, steps);
  }

  @Override
  public void close() {
    arena.close();
  }
}
