// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.OutlyingValue;
import io.github.vae4j.infer.Evaluator;
import io.github.vae4j.model.ParameterLayout.Place;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import java.util.Locale;

/**
 * Finds the cause of a divergence after the fact: the row of the training data with the lowest
 * bound, or the first one whose bound is not finite, and the value of it that is the farthest from
 * its column's mean. Skipped steps change no weights, so that the bounds are those of the last
 * finite step.
 */
final class Divergence {
  private final Backend backend;
  private final VaeSpec spec;
  private final Parameters parameters;
  private final DataSet data;

  Divergence(Backend backend, VaeSpec spec, Parameters parameters, DataSet data) {
    this.backend = backend;
    this.spec = spec;
    this.parameters = parameters;
    this.data = data;
  }

  /** The error of a run whose last steps were all skipped. */
  TrainingDivergedException skipped(long step, long inARow) {
    return new TrainingDivergedException(
        "training stopped at step "
            + step
            + ": the loss, the gradient or its square was not finite in "
            + (inARow == 1
                ? "the last step, which was"
                : "the last " + inARow + " steps, which were")
            + " skipped; the last checkpoint is kept. "
            + cause());
  }

  /**
   * Refuses arrays of a run's state that are not finite.
   *
   * @param step the number of steps run
   * @param arrays weights, moments and averages, each in the order of the layout or of a part of it
   */
  void requireFinite(long step, float[]... arrays) {
    for (float[] values : arrays) {
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw new TrainingDivergedException(
              "training stopped at step "
                  + step
                  + ": a value of "
                  + name(i)
                  + " is "
                  + values[i]
                  + "; nothing of this state is saved, the last checkpoint is kept. "
                  + cause());
        }
      }
    }
  }

  private String name(int at) {
    for (Place place : parameters.layout().places()) {
      if (at >= place.offset() && at < place.offset() + place.length()) {
        return place.name();
      }
    }
    return "the padding of the parameters";
  }

  private String cause() {
    Evaluator.Worst worst;
    try (Evaluator evaluator = new Evaluator(backend, spec, parameters)) {
      worst = evaluator.worst(data);
    }
    OutlyingValue far = OutlyingValue.ofRow(data, worst.row());
    return String.format(
        Locale.ROOT,
        "The row with the worst bound (%.4g nats) is %s, and its value that is the farthest from its"
            + " column's mean is %s. Scale the columns to mean 0 and standard deviation 1, correct"
            + " the row or leave it out, lower Optimizer.learningRate, or give Optimizer.clipNorm 1",
        worst.elbo(),
        far.rowText(),
        far.valueText());
  }
}
