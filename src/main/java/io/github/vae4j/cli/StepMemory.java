// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.TopLevel;
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
            + rows * (2L * model.latent() + 1 + 2 * outputs + width(model.decoder()))
            + latents(model, batch, rows);
    return new StepMemory(FLOAT * copies * new ParameterLayout(model).length(), FLOAT * floats);
  }

  /** What other posteriors and priors than the standard ones hold beside it. */
  private static long latents(VaeSpec model, long batch, long rows) {
    Latents latents = model.latents();
    if (latents.closedForm()) {
      return 0;
    }
    long columns = model.posteriorColumns();
    boolean mapped = columns > 2L * model.latent();
    long floats = rows * (1 + latents.prior().components());
    floats += mapped ? rows * model.latent() + batch * 2 * columns : 0;
    if (latents.posterior() instanceof Posterior.Planar planar) {
      floats += rows * planar.layers();
    }
    if (latents.prior() instanceof Prior.Vamp vamp) {
      floats += vamp.components() * (2 * columns + width(model.encoder()));
      floats += (batch + vamp.components()) * 2L * model.features();
    }
    TopLevel top = latents.top();
    if (top != null) {
      long heads = 2 * (2L * top.latent() + 2L * model.latent());
      long codes = 2L * top.latent() + model.latent() + 2;
      floats += rows * (heads + codes + width(top.encoder()) + width(top.decoder()));
    }
    return floats;
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
