// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.infer.Evaluator;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Arena;
import org.jspecify.annotations.Nullable;

/**
 * The plans of a run, which depend on the backend's choices; they are made again when the choices
 * are replaced.
 */
final class TrainingPlans implements AutoCloseable {
  private final Arena owned = new Arena();

  /** The step of a full batch. */
  final TrainingStep full;

  /** The step of the last, smaller batch; null if all are full. */
  final @Nullable TrainingStep tail;

  /** Evaluates the test rows; null if there are none. */
  final @Nullable Evaluator evaluator;

  TrainingPlans(
      Backend backend,
      VaeSpec spec,
      TrainConfig config,
      TrainingMemory memory,
      Supply supply,
      DataSet train,
      @Nullable DataSet test) {
    try {
      int batch = Math.min(config.batch(), train.rows());
      full = owned.own(new TrainingStep(backend, spec, config, memory, supply, batch));
      int rest = train.rows() % batch;
      tail =
          rest == 0
              ? null
              : owned.own(new TrainingStep(backend, spec, config, memory, supply, rest));
      evaluator = test == null ? null : owned.own(new Evaluator(backend, spec, memory.evaluated()));
    } catch (RuntimeException | Error e) {
      owned.close();
      throw e;
    }
  }

  @Override
  public void close() {
    owned.close();
  }
}
