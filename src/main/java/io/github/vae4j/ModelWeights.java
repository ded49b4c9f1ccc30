// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.tensor.Turn;
import io.github.vae4j.train.Trainer;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model on its backend, and the run in progress, whose weights they follow: a
 * listener that uses the model sees the weights after the last step.
 */
final class ModelWeights {
  private final Turn turn;
  private final Tensor all;

  /** Whether the weights are the initial ones. */
  private boolean initial;

  private @Nullable Trainer training;

  ModelWeights(Turn turn, Tensor all) {
    this.turn = turn;
    this.all = all;
  }

  void setInitial() {
    initial = true;
  }

  boolean initial() {
    return initial;
  }

  float[] read() {
    return all.toFloats();
  }

  void write(float[] weights) {
    all.write(weights);
    initial = false;
  }

  /** Takes the turn for a call that uses the weights. */
  Turn use() {
    Turn taken = turn.take();
    Trainer trainer = training;
    if (trainer != null) {
      try {
        all.write(trainer.weights());
      } catch (RuntimeException | Error e) {
        taken.close();
        throw e;
      }
    }
    return taken;
  }

  /** Takes the turn for a call that replaces the weights. */
  Turn useWithoutTraining(String call) {
    Turn taken = turn.take();
    if (training != null) {
      taken.close();
      throw new IllegalStateException(
          call + ": the model is being trained, and this call is of its listener or its data set");
    }
    return taken;
  }

  /** Runs a trainer and takes its weights; after a failure those of the last whole step. */
  Trainer.Result run(Trainer trainer) {
    training = trainer;
    try {
      Trainer.Result result = trainer.run(() -> false);
      write(trainer.weights());
      return result;
    } catch (RuntimeException | Error e) {
      keepAfter(e, trainer);
      throw e;
    } finally {
      training = null;
    }
  }

  private void keepAfter(Throwable failure, Trainer trainer) {
    try {
      float[] weights = trainer.weights();
      for (float weight : weights) {
        if (!Float.isFinite(weight)) {
          return;
        }
      }
      write(weights);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
