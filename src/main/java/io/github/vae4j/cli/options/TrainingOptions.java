// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainConfig.Augment;
import io.github.vae4j.train.TrainConfig.Binarize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of training. They change a base configuration, whose other settings are kept. */
public final class TrainingOptions {
  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data (default 10).")
  private @Nullable Integer epochs;

  @Option(names = "--batch", paramLabel = "ROWS", description = "Rows per step (default 128).")
  private @Nullable Integer batch;

  @Option(
      names = "--binarize",
      paramLabel = "HOW",
      description =
          "Values in [0, 1] become 0 or 1: dynamic (drawn anew each time), fixed (drawn once) or"
              + " none (default none).")
  private @Nullable Binarize binarize;

  @Option(
      names = "--flip",
      negatable = true,
      description =
          "Mirror training images left to right with probability 1/2, drawn anew each time (default:"
              + " no).")
  private @Nullable Boolean flip;

  @Option(
      names = "--shift",
      paramLabel = "PIXELS",
      description =
          "Shift training images by up to so many pixels in each direction, drawn anew each time;"
              + " pixels from outside are 0 (default 0).")
  private @Nullable Integer shift;

  @Option(
      names = "--ema",
      paramLabel = "DECAY",
      description =
          "Keep a moving average of the weights, as in 0.999, and evaluate and save that (default"
              + " 0: none).")
  private @Nullable Double ema;

  @Option(
      names = "--patience",
      paramLabel = "EPOCHS",
      description =
          "Stop after so many epochs without a better test ELBO, and keep the best model (default"
              + " 0: never).")
  private @Nullable Integer patience;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of weights, order, noise and splits (default 0).")
  private @Nullable Long seed;

  /**
   * Whether the number of epochs is given.
   *
   * @return false for that of the base configuration
   */
  public boolean hasEpochs() {
    return epochs != null;
  }

  /**
   * A configuration with the changes of the command line.
   *
   * @param base the configuration
   * @param objective changes of its objective
   * @param optimizer changes of its optimizer
   * @return the changed configuration
   */
  public TrainConfig over(
      TrainConfig base, ObjectiveOptions objective, OptimizerOptions optimizer) {
    return new TrainConfig(
        epochs == null ? base.epochs() : epochs,
        batch == null ? base.batch() : batch,
        objective.over(base.objective()),
        optimizer.over(base.optimizer()),
        optimizer.over(base.schedule()),
        seed == null ? base.seed() : seed,
        binarize == null ? base.binarize() : binarize,
        ema == null ? base.emaDecay() : ema,
        patience == null ? base.patience() : patience,
        base.maxSkips(),
        over(base.augment()));
  }

  private Augment over(@Nullable Augment base) {
    return new Augment(
        flip == null ? base != null && base.flip() : flip,
        shift == null ? base == null ? 0 : base.shift() : shift);
  }
}
