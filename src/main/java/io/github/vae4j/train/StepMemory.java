// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.CountingBackend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;

/**
 * The memory of a training step, from a plan on a {@link io.github.vae4j.backend.CountingBackend}.
 * It does not contain the memory that a native library allocates.
 *
 * @param parameters bytes of parameters, gradients, both moments and the moving average, of metrics
 *     and control
 * @param activations bytes of one batch: inputs, outputs of layers, samples, and their gradients
 */
public record StepMemory(long parameters, long activations) {
  /**
   * Plans a step and counts.
   *
   * @param spec the model
   * @param config the batch and the objective
   * @param missing whether rows may have missing values
   * @param weighted whether the rows have weights
   * @return the memory of a full batch
   */
  public static StepMemory of(VaeSpec spec, TrainConfig config, boolean missing, boolean weighted) {
    DataSet rows =
        new UnreadRows(spec.features(), spec.conditions(), config.batch(), missing, weighted);
    // Mirrors and shifts take no memory, and unread rows are no images.
    TrainConfig planned = config.toBuilder().augment(null).build();
    try (CountingBackend backend = new CountingBackend()) {
      ParameterLayout layout = new ParameterLayout(spec);
      try (TrainingMemory memory = new TrainingMemory(backend, layout, config.emaDecay() > 0)) {
        long parameters = backend.bytes();
        try (Supply supply = new Supply(backend, spec, rows, config.batch(), config.seed())) {
          long before = backend.bytes();
          try (TrainingStep step =
              new TrainingStep(backend, spec, planned, memory, supply, config.batch())) {
            return new StepMemory(parameters, backend.bytes() - before);
          }
        }
      }
    }
  }

  /**
   * The sum of both.
   *
   * @return bytes
   */
  public long total() {
    return parameters + activations;
  }
}
