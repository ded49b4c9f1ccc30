package io.github.vae4j.cli;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig;
import java.util.List;

/**
 * The memory that a training step holds, by its shapes; what a library needs for itself comes on
 * top.
 *
 * @param parameters bytes of weights, gradients, both moments and the moving average
 * @param activations bytes of one batch: inputs, outputs of layers, and their gradients
 */
record StepMemory(long parameters, long activations) {
  private static final long FLOAT = 4;

  static StepMemory of(VaeSpec model, TrainConfig training) {
    int copies = training.emaDecay() > 0 ? 5 : 4;
    long batch = training.batch();
    long rows = batch * training.objective().bound().rowSamples();
    long outputs = model.likelihood().parameters(model.features());
    long floats =
        batch * (model.features() + 2L * 2 * model.latent() + 1 + width(model.encoder()))
            + rows * (2L * model.latent() + 1 + 2 * outputs + width(model.decoder()));
    return new StepMemory(FLOAT * copies * new ParameterLayout(model).length(), FLOAT * floats);
  }

  /** Floats per row: outputs and their gradients, and what the derivative needs besides. */
  private static long width(List<Layer> layers) {
    long sum = 0;
    for (Layer layer : layers) {
      Layer.Dense dense = (Layer.Dense) layer;
      Activation activation = dense.activation();
      sum += (activation.needsPreactivation() ? 3L : 2L) * dense.units();
    }
    return sum;
  }

  long total() {
    return parameters + activations;
  }
}
