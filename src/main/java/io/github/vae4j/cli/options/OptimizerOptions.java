// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.train.TrainConfig.LearningRate;
import io.github.vae4j.train.TrainConfig.Optimizer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of the optimizer and its schedule. They change a base, whose other settings are kept.
 */
public final class OptimizerOptions {
  private static final double ADAMW_DECAY = 0.01;

  @Option(names = "--optimizer", paramLabel = "NAME", description = "adam or adamw (default adam).")
  private @Nullable OptimizerKind kind;

  @Option(names = "--lr", paramLabel = "RATE", description = "Learning rate (default 0.001).")
  private @Nullable Double rate;

  @Option(
      names = "--weight-decay",
      paramLabel = "F",
      description = "Factor of the weight decay (default 0; adamw 0.01).")
  private @Nullable Double decay;

  @Option(
      names = "--clip-norm",
      paramLabel = "NORM",
      description = "Largest global norm of the gradient (default 0: no clipping).")
  private @Nullable Double clipNorm;

  @Option(
      names = "--schedule",
      paramLabel = "CURVE",
      description =
          "Of the learning rate: constant, cosine, burda or step[:EPOCHS:FACTOR] (default"
              + " constant).")
  private @Nullable Schedule schedule;

  @Option(
      names = "--lr-warmup",
      paramLabel = "STEPS",
      description = "Let the learning rate rise from 0 over so many steps (default 0).")
  private @Nullable Integer warmup;

  Optimizer over(Optimizer base) {
    boolean decoupled = kind == null ? base.decoupled() : kind == OptimizerKind.ADAMW;
    double standard = decoupled && !base.decoupled() ? ADAMW_DECAY : base.weightDecay();
    return new Optimizer(
        rate == null ? base.learningRate() : rate,
        base.beta1(),
        base.beta2(),
        base.epsilon(),
        decay == null ? standard : decay,
        decoupled,
        clipNorm == null ? base.clipNorm() : clipNorm);
  }

  LearningRate over(LearningRate base) {
    Schedule curve = schedule == null ? Schedule.of(base) : schedule;
    return curve.withWarmup(warmup == null ? base.warmupSteps() : warmup);
  }
}
