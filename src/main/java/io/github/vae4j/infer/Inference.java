// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.infer.InferenceConfig.Start;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Turn;
import java.util.Arrays;

/**
 * Variational inference by optimisation: gradient ascent maximises the bound of each row over the
 * mean and log variance of the row's own posterior, with the decoder fixed. The result of a row is
 * a function of the row, its number, the model and the configuration, and does not depend on other
 * rows.
 */
public final class Inference {
  private static final int BATCH = 500;

  private final Backend backend;
  private final VaeSpec spec;
  private final Parameters parameters;

  /**
   * Inference in a model, with the values of the parameters at each call.
   *
   * @param backend that computes; the caller closes it
   * @param spec the model
   * @param parameters of the model, which do not change; the caller closes them
   */
  public Inference(Backend backend, VaeSpec spec, Parameters parameters) {
    this.backend = backend;
    this.spec = spec;
    this.parameters = parameters;
  }

  /**
   * Optimises the posterior of each row.
   *
   * @param data the rows, as wide as the model
   * @param config steps, learning rate and samples
   * @return posteriors (rows, latent) and their bounds
   * @throws io.github.vae4j.VaeException if a bound is not finite; it names the row
   */
  public OptimizedCodes optimize(DataSet data, InferenceConfig config) {
    OptimizedCodes found =
        optimize(data, config, PassRows.weighed(parameters.layout(), BATCH, config.samples()));
    for (int row = 0; row < data.rows(); row++) {
      NotFinite.refuse("the ELBO", found.encoder()[row], data, row);
      NotFinite.refuse("the optimised ELBO", found.after()[row], data, row);
    }
    return found;
  }

  OptimizedCodes optimize(DataSet data, InferenceConfig config, int batch) {
    try (Turn turn = backend.turn().take()) {
      int rows = data.rows();
      Matrix mean = Matrix.zeros(rows, spec.latent());
      Matrix logvar = Matrix.zeros(rows, spec.latent());
      double[] encoder = new double[rows];
      double[] before = new double[rows];
      double[] after = new double[rows];
      boolean[] converged = new boolean[rows];
      double[] weights = new double[rows];
      Arrays.setAll(weights, data::weight);
      try (Arena arena = new Arena()) {
        Parameters scratch =
            parameters.gradients(backend.tensor(arena, parameters.layout().trained()).buffer());
        for (int first = 0; first < rows; first += batch) {
          int count = Math.min(batch, rows - first);
          // One plan per batch: the noise is a function of the row's number, which is part of the
          // plan.
          try (InferencePlan plan =
              new InferencePlan(backend, spec, parameters, scratch, data, first, count, config)) {
            float[] start = plan.encode();
            double[] bounds = plan.score();
            System.arraycopy(bounds, 0, encoder, first, count);
            if (config.start() == Start.PRIOR) {
              start = new float[start.length];
              plan.stats.write(start);
              bounds = plan.score();
            }
            System.arraycopy(bounds, 0, before, first, count);
            Ascent ascent = new Ascent(plan, config, start, bounds);
            for (int row = 0; row < count; row++) {
              after[first + row] = ascent.bounds[row];
              converged[first + row] = ascent.converged[row];
              copy(ascent.best, row, mean, logvar, first + row);
            }
          }
        }
      }
      for (int row = 0; row < rows; row++) {
        double shift = data.logJacobian(row);
        encoder[row] += shift;
        before[row] += shift;
        after[row] += shift;
      }
      return new OptimizedCodes(
          new Codes(mean, logvar), encoder, before, after, converged, weights);
    }
  }

  private static void copy(float[] stats, int row, Matrix mean, Matrix logvar, int target) {
    int latent = mean.columns();
    int at = row * 2 * latent;
    System.arraycopy(stats, at, mean.values(), target * latent, latent);
    System.arraycopy(stats, at + latent, logvar.values(), target * latent, latent);
  }
}
