// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j;

import io.github.vae4j.model.Condition;
import io.github.vae4j.sampler.LatentSampler;
import io.github.vae4j.tensor.Matrix;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@link Vae#sample}: {@code Sampling.of(64).seed(7).temperature(0.8)}. Each setter
 * returns a changed copy.
 *
 * @param rows the number of rows, 1 or more
 * @param conditions (rows, C), of a conditional model; null for another model
 * @param sampler the distribution of z, fitted to the model's codes; null for the model's prior
 * @param seed of the draws; row i does not depend on the number of rows
 * @param temperature a factor of the standard deviation of z, 0 or more; 1 for the distribution
 *     without a change
 * @param drawn whether rows are draws of p(x|z); otherwise they are means E[x|z]
 */
public record Sampling(
    int rows,
    @Nullable Matrix conditions,
    @Nullable LatentSampler sampler,
    long seed,
    double temperature,
    boolean drawn) {
  /** Checks the settings. {@inheritDoc} */
  public Sampling {
    Vae.atLeastOne("rows", rows);
    if (conditions != null && conditions.rows() != rows) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "conditions: expected one for each of %d rows, given %d",
              rows,
              conditions.rows()));
    }
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature: expected a number of 0 or more, given " + temperature);
    }
  }

  /**
   * Means E[x|z] with z from the prior, with seed 0.
   *
   * @param rows the number of rows, 1 or more
   * @return the settings
   */
  public static Sampling of(int rows) {
    return new Sampling(rows, null, null, 0, 1, false);
  }

  /**
   * Means E[x|z, c] of a conditional model, one for each condition, with z from the prior, with
   * seed 0.
   *
   * @param conditions (rows, C), as from {@link Condition.Labels#rows}
   * @return the settings
   */
  public static Sampling given(Matrix conditions) {
    return new Sampling(conditions.rows(), conditions, null, 0, 1, false);
  }

  /**
   * Draws z from a fitted sampler.
   *
   * @param fitted the sampler, with the model's number of latent dimensions
   * @return the settings with it
   */
  public Sampling sampler(LatentSampler fitted) {
    return new Sampling(rows, conditions, fitted, seed, temperature, drawn);
  }

  /**
   * Sets the seed.
   *
   * @param value of the draws
   * @return the settings with it
   */
  public Sampling seed(long value) {
    return new Sampling(rows, conditions, sampler, value, temperature, drawn);
  }

  /**
   * Sets the temperature.
   *
   * @param factor of the standard deviation of z, 0 or more
   * @return the settings with it
   */
  public Sampling temperature(double factor) {
    return new Sampling(rows, conditions, sampler, seed, factor, drawn);
  }

  /**
   * Chooses between draws and means.
   *
   * @param draws true for draws of p(x|z), false for means E[x|z]
   * @return the settings with that choice
   */
  public Sampling drawn(boolean draws) {
    return new Sampling(rows, conditions, sampler, seed, temperature, draws);
  }
}
