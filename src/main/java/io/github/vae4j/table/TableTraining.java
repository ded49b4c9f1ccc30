// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.schema.SchemaRequest;
import io.github.vae4j.schema.TrainingRows;
import io.github.vae4j.train.TrainListener;

/**
 * The settings of {@link TableModel#train}. Each setter returns a changed copy.
 *
 * @param request the user's choices for the inference of the schema
 * @param backend that trains
 * @param seed of weights, order, noise and the rows that are held out
 * @param epochs passes over the data; 0 for the number that {@link TableDefaults} gives
 * @param hidden the probability that a cell of a training row is hidden; 0 for none
 * @param listener receives the progress of training
 */
public record TableTraining(
    SchemaRequest request,
    BackendOptions backend,
    long seed,
    int epochs,
    double hidden,
    TrainListener listener) {
  /** Checks the numbers. {@inheritDoc} */
  public TableTraining {
    if (epochs < 0) {
      throw new IllegalArgumentException("epochs: expected 0 or more, given " + epochs);
    }
    TrainingRows.requireHidden("hidden", hidden);
  }

  /**
   * Everything is inferred; the best backend; seed 0.
   *
   * @return the settings
   */
  public static TableTraining defaults() {
    return new TableTraining(
        SchemaRequest.NONE, BackendOptions.auto(), 0, 0, 0, TrainListener.NONE);
  }

  /**
   * Sets the kind of a column.
   *
   * @param name of the column
   * @param kind for example "categorical", "label" or "out", see {@link
   *     io.github.vae4j.schema.KindText}
   * @return the settings with it
   */
  public TableTraining column(String name, String kind) {
    return new TableTraining(request.with(name, kind), backend, seed, epochs, hidden, listener);
  }

  /**
   * Sets the backend.
   *
   * @param options the backend
   * @return the settings with it
   */
  public TableTraining backend(BackendOptions options) {
    return new TableTraining(request, options, seed, epochs, hidden, listener);
  }

  /**
   * Sets the seed.
   *
   * @param value of weights, order, noise and the rows that are held out
   * @return the settings with it
   */
  public TableTraining seed(long value) {
    return new TableTraining(request, backend, value, epochs, hidden, listener);
  }

  /**
   * Sets the number of epochs.
   *
   * @param count passes over the data
   * @return the settings with it
   */
  public TableTraining epochs(int count) {
    return new TableTraining(request, backend, seed, count, hidden, listener);
  }

  /**
   * Hides cells of training rows, so that the model knows incomplete rows better: for {@link
   * TableImputer}.
   *
   * @param share the probability that a cell is hidden, 0 or more and less than 1
   * @return the settings with it
   */
  public TableTraining hidden(double share) {
    return new TableTraining(request, backend, seed, epochs, share, listener);
  }

  /**
   * Sets the listener.
   *
   * @param own receives the progress of training
   * @return the settings with it
   */
  public TableTraining listener(TrainListener own) {
    return new TableTraining(request, backend, seed, epochs, hidden, own);
  }
}
