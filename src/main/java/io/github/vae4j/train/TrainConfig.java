// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import org.jspecify.annotations.Nullable;

/**
 * The configuration of a training run.
 *
 * @param epochs the total number of passes over the data
 * @param batch rows per step
 * @param objective the function that is maximised
 * @param optimizer Adam or AdamW, with its settings
 * @param schedule the learning rate over time
 * @param seed of weights, order and noise
 * @param binarize the binarisation of values in [0, 1]
 * @param emaDecay decay of the weights' moving average, which is then evaluated and saved in place
 *     of the weights; 0 for none
 * @param patience epochs without a better test ELBO before training stops; 0 for never
 * @param maxSkips number of consecutive steps with a loss or gradient that is not finite before
 *     training stops
 * @param augment random changes of the training images; null for none
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
    int maxSkips,
    @Nullable Augment augment) {
  /** Checks ranges. {@inheritDoc} */
  public TrainConfig {
    Checks.atLeast("epochs", epochs, 1);
    Checks.atLeast("batch", batch, 1);
    Checks.inRange("emaDecay", emaDecay, 0, 1);
    Checks.atLeast("patience", patience, 0);
    Checks.atLeast("maxSkips", maxSkips, 1);
    augment = augment == null || augment.isNone() ? null : augment;
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
        20,
        null);
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

  /**
   * Random changes of the training images, new ones each time an image is used. Evaluation has the
   * images as they are. Data that are not images are refused.
   *
   * @param flip whether an image is mirrored left to right with probability 1/2
   * @param shift the greatest shift in pixels, up or down and left or right, each uniform; pixels
   *     from outside the image are 0; below the image's height and width, 0 for none
   */
  public record Augment(boolean flip, int shift) {
    /** Checks ranges. {@inheritDoc} */
    public Augment {
      Checks.atLeast("shift", shift, 0);
    }

    private boolean isNone() {
      return !flip && shift == 0;
    }

    /** As in {@code flip, shift 4}. */
    @Override
    public String toString() {
      String shifted = shift == 0 ? "" : "shift " + shift;
      return (flip ? "flip" : "") + (flip && shift > 0 ? ", " : "") + shifted;
    }
  }

  /** The binarisation of values in [0, 1]. */
  public enum Binarize {
    /** No binarisation. */
    NONE,
    /** A new draw each time a row is used. */
    DYNAMIC,
    /** One draw per row for the whole run. */
    FIXED
  }

  /**
   * Adam or AdamW.
   *
   * @param learningRate the rate before the schedule
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param weightDecay of all trained parameters, also of biases and normalisations; 0 for none
   * @param decoupled true for AdamW's decay
   * @param clipNorm the greatest global norm of the gradient, to which a greater one is scaled; 0
   *     for no clipping
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
     * Adam with the settings of its paper.
     *
     * @param learningRate the rate
     * @return the optimizer
     */
    public static Optimizer adam(double learningRate) {
      return new Optimizer(learningRate, 0.9, 0.999, 1e-8, 0, false, 0);
    }
  }

  /**
   * The learning rate over time, as a factor of the optimizer's rate.
   *
   * @param shape the curve after the warm-up
   * @param warmupSteps steps over which the factor rises linearly from 0
   * @param stepEpochs for STEP: epochs between drops
   * @param factor for STEP: the multiplier of a drop; for COSINE: the final factor
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
      /** Multiplied by the factor every stepEpochs epochs. */
      STEP,
      /** 10^(-i/7) for 3^i epochs, i = 0 to 7 (Burda et al. 2016): 3280 epochs in all. */
      BURDA
    }

    /**
     * No schedule.
     *
     * @return the constant factor 1
     */
    public static LearningRate constant() {
      return new LearningRate(Shape.CONSTANT, 0, 1, 1);
    }

    /** The number of the stage of an epoch; the stages have 1, 3, 9 ... 2187 epochs. */
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
     * @param epochs the total number of epochs
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
