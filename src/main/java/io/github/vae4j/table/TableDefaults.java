// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.likelihood.StudentT;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Features;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainConfig.LearningRate;
import io.github.vae4j.train.TrainConfig.LearningRate.Shape;
import io.github.vae4j.train.TrainConfig.Optimizer;

/**
 * The settings of a model of a table that the user does not choose: a function of the numbers of
 * rows and features alone. docs/tables.md has the measurements behind them.
 */
public final class TableDefaults {
  /** The share of rows that are held out of training, to calibrate scores. */
  public static final double HELD_OUT = 0.2;

  private static final int MOST_HELD_OUT = 20_000;
  private static final int LATENT = 4;
  private static final int BATCH = 128;
  private static final double LEARNING_RATE = 3e-3;
  private static final double LAST_FACTOR = 0.01;
  private static final int STEPS = 3000;
  private static final int LEAST_EPOCHS = 5;
  private static final int ROWS_OF_EPOCH = 8192;

  private TableDefaults() {}

  /**
   * The model.
   *
   * @param features of the schema
   * @return two hidden layers, four latent dimensions, and Student's t for numbers
   */
  public static VaeSpec model(Features features) {
    int width = features.width();
    return VaeSpec.builder(width)
        .hidden(64, 32)
        .latent(LATENT)
        .likelihood(features.likelihood(new StudentT(4)))
        .build()
        .withSchema(features.schema());
  }

  /**
   * The training.
   *
   * @param rows the number of training rows
   * @return the configuration
   */
  public static TrainConfig training(int rows) {
    long steps = ((long) rows * passes(rows) + BATCH - 1) / BATCH;
    int epochs = (int) Math.max(LEAST_EPOCHS, (STEPS + steps - 1) / steps);
    return TrainConfig.builder()
        .batch(BATCH)
        .epochs(epochs)
        .optimizer(Optimizer.adam(LEARNING_RATE))
        .schedule(new LearningRate(Shape.COSINE, 0, 1, LAST_FACTOR))
        .build();
  }

  /**
   * The backend of a copy of a model that scores single rows.
   *
   * @return the best backend that works, with one thread, as a row is too little for several
   */
  public static BackendOptions scoring() {
    return new BackendOptions(BackendOptions.Kind.AUTO, 1, Precision.FP32);
  }

  /**
   * The number of times that an epoch uses each row: a small table would otherwise be evaluated and
   * saved after every few steps.
   *
   * @param rows the number of training rows
   * @return 1 for a table of thousands of rows
   */
  public static int passes(int rows) {
    return Math.max(1, ROWS_OF_EPOCH / rows);
  }

  /**
   * The share of rows to hold out.
   *
   * @param rows the number of rows of the table
   * @return {@link #HELD_OUT}, or less for a large table
   */
  public static double heldOut(int rows) {
    return Math.min(HELD_OUT, MOST_HELD_OUT / (double) rows);
  }
}
