// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

/**
 * How a model is trained.
 *
 * @param epochs passes over the data in all
 * @param batch rows per step
 * @param objective what is maximised
 * @param optimizer how
 * @param schedule the learning rate over time
 * @param seed of weights, order and noise
 * @param binarize what happens to values in [0, 1]
 * @param emaDecay decay of the weights' moving average, which is then what is evaluated and saved;
 *     0 for none
 * @param patience epochs without a better test ELBO before training stops; 0 for never
 * @param maxSkips steps in a row whose loss or gradient is not finite before training stops
 */
public record TrainConfig(
    int epochs,
    int batch,
    Objective objective,
    Optimizer optimizer,
    LearningRate schedule,
    long seed,
    Binarize binarize,
    double emaDecay,
    int patience,
    int maxSkips) {
  /** Checks ranges. {@inheritDoc} */
  public TrainConfig {
    Checks.atLeast("epochs", epochs, 1);
    Checks.atLeast("batch", batch, 1);
    Checks.inRange("emaDecay", emaDecay, 0, 1);
    Checks.atLeast("patience", patience, 0);
    Checks.atLeast("maxSkips", maxSkips, 1);
  }

  /**
   * The defaults: 10 epochs of batches of 128, one sample, Adam at 1e-3.
   *
   * @return the configuration
   */
  public static TrainConfig defaults() {
    return new TrainConfig(
        10,
        128,
        Objective.elbo(),
        Optimizer.adam(1e-3),
        LearningRate.constant(),
        0,
        Binarize.NONE,
        0,
        0,
        20);
  }

  /**
   * Starts from the defaults.
   *
   * @return a builder
   */
  public static TrainConfigBuilder builder() {
    return defaults().toBuilder();
  }

  /**
   * Starts from this configuration.
   *
   * @return a builder
   */
  public TrainConfigBuilder toBuilder() {
    return new TrainConfigBuilder(this);
  }

  /** How values in [0, 1] become 0 or 1. */
  public enum Binarize {
    /** They stay as they are. */
    NONE,
    /** Drawn anew each time a row is used. */
    DYNAMIC,
    /** Drawn once per row. */
    FIXED
  }

  /**
   * Adam or AdamW.
   *
   * @param learningRate the rate before the schedule
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param weightDecay of all trained parameters, biases and normalisations with them; 0 for none
   * @param decoupled true for AdamW's decay
   * @param clipNorm the largest global gradient norm let through; 0 for no clipping
   */
  public record Optimizer(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      boolean decoupled,
      double clipNorm) {
    /** Checks ranges. {@inheritDoc} */
    public Optimizer {
      Checks.finiteAtLeast("learningRate", learningRate, 0);
      Checks.inRange("beta1", beta1, 0, 1);
      Checks.inRange("beta2", beta2, 0, 1);
      Checks.finiteAtLeast("epsilon", epsilon, 0);
      Checks.finiteAtLeast("weightDecay", weightDecay, 0);
      Checks.finiteAtLeast("clipNorm", clipNorm, 0);
    }

    /**
     * Adam with its paper's settings.
     *
     * @param learningRate the rate
     * @return the optimizer
     */
    public static Optimizer adam(double learningRate) {
      return new Optimizer(learningRate, 0.9, 0.999, 1e-8, 0, false, 0);
    }
  }

  /**
   * The learning rate over time, as a factor of the optimizer's.
   *
   * @param shape what happens after the warm-up
   * @param warmupSteps steps over which the factor rises linearly from 0
   * @param stepEpochs for STEP: epochs between drops
   * @param factor for STEP: what a drop multiplies by; for COSINE: the last factor
   */
  public record LearningRate(Shape shape, int warmupSteps, int stepEpochs, double factor) {
    /** Checks ranges. {@inheritDoc} */
    public LearningRate {
      Checks.atLeast("warmupSteps", warmupSteps, 0);
      Checks.atLeast("stepEpochs", stepEpochs, 1);
      Checks.inRange("factor", factor, 0, 1);
    }

    /** The shapes. */
    public enum Shape {
      /** Always 1. */
      CONSTANT,
      /** Half a cosine from 1 to the factor over the whole training. */
      COSINE,
      /** Times the factor every stepEpochs epochs. */
      STEP,
      /** 10^(-i/7) for 3^i epochs, i = 0 to 7 (Burda et al. 2016): 3280 epochs in all. */
      BURDA
    }

    /**
     * No schedule.
     *
     * @return factor 1 throughout
     */
    public static LearningRate constant() {
      return new LearningRate(Shape.CONSTANT, 0, 1, 1);
    }

    /** Which of the stages of 1, 3, 9 ... 2187 epochs an epoch is in. */
    private static int stage(long epoch) {
      int stage = 0;
      for (long end = 1, length = 1; epoch >= end && stage < 7; stage++) {
        length *= 3;
        end += length;
      }
      return stage;
    }

    /**
     * The factor of a step.
     *
     * @param step from 0
     * @param stepsPerEpoch steps in an epoch
     * @param epochs epochs in all
     * @return the factor, 0 to 1
     */
    public double at(long step, long stepsPerEpoch, int epochs) {
      double rise = step < warmupSteps ? (step + 1.0) / warmupSteps : 1;
      return rise
          * switch (shape) {
            case CONSTANT -> 1;
            case STEP -> Math.pow(factor, Math.floor(step / ((double) stepsPerEpoch * stepEpochs)));
            case BURDA -> Math.pow(10, -stage(step / stepsPerEpoch) / 7.0);
            case COSINE -> {
              double done = Math.min(1, step / (double) (stepsPerEpoch * epochs));
              yield factor + (1 - factor) * (1 + Math.cos(Math.PI * done)) / 2;
            }
          };
    }
  }
}
