// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The families of a model's latent distributions. docs/latents.md has their mathematics and costs.
 *
 * @param posterior of q(z|x)
 * @param prior of p(z)
 * @param top the second stochastic layer, above z, whose p(z|y) is the prior of z; null for none
 */
public record Latents(Posterior posterior, Prior prior, @Nullable TopLevel top) {
  /** A diagonal Gaussian and the standard normal (Kingma and Welling 2014). */
  public static final Latents STANDARD = new Latents(Posterior.DIAGONAL, Prior.STANDARD, null);

  /** Checks the combination. {@inheritDoc} */
  public Latents {
    if (prior.posteriors() > 0 && !posterior.equals(Posterior.DIAGONAL)) {
      throw new IllegalArgumentException(
          "model: prior "
              + prior
              + ": expected posterior diagonal, as the prior's components are posteriors, given "
              + posterior);
    }
    if (top != null && !prior.equals(Prior.STANDARD)) {
      throw new IllegalArgumentException(
          "model: prior: expected standard, as the layer above gives z its prior, given " + prior);
    }
  }

  /**
   * Whether training has the closed form of the KL of q(z|x) from p(z).
   *
   * @return false if training estimates the KL from samples
   */
  public boolean closedForm() {
    return diagonalPosterior() && standardPrior();
  }

  /**
   * Whether q(z|x) is a diagonal Gaussian.
   *
   * @return false for a Gaussian with full covariance, or with maps after it
   */
  public boolean diagonalPosterior() {
    return posterior.diagonal();
  }

  /**
   * Whether any mean and log variance is a posterior of the family, so that they can be changed
   * apart from the encoder.
   *
   * @return false for a family that ties them, or that maps follow
   */
  boolean freePosterior() {
    return posterior.equals(Posterior.DIAGONAL);
  }

  /**
   * Whether z's prior is the standard normal.
   *
   * @return false for a mixture, or a layer above
   */
  public boolean standardPrior() {
    return prior.equals(Prior.STANDARD) && top == null;
  }

  /**
   * A copy with another posterior.
   *
   * @param other the posterior
   * @return the families
   */
  public Latents withPosterior(Posterior other) {
    return new Latents(other, prior, top);
  }

  /**
   * A copy with another prior.
   *
   * @param other the prior
   * @return the families
   */
  public Latents withPrior(Prior other) {
    return new Latents(posterior, other, top);
  }

  /**
   * A copy with another layer above z.
   *
   * @param other the layer; null for none
   * @return the families
   */
  public Latents withTop(@Nullable TopLevel other) {
    return new Latents(posterior, prior, other);
  }

  /**
   * Refuses parts that exclude a prior of posteriors of pseudo-inputs.
   *
   * @throws IllegalArgumentException if the model has one of them
   */
  void checkPseudoInputs(@Nullable Condition condition, boolean maskInput, List<Layer> encoder) {
    if (prior.posteriors() == 0) {
      return;
    }
    if (condition != null) {
      throw new IllegalArgumentException(
          "model: expected a prior other than vamp in a conditional model, as pseudo-inputs have no"
              + " condition, given "
              + prior);
    } else if (maskInput) {
      throw new IllegalArgumentException(
          "model: maskInput: expected a prior other than vamp, as pseudo-inputs have no mask, given "
              + prior);
    } else if (encoder.stream().anyMatch(Layer::mixesRows)) {
      throw new IllegalArgumentException(
          "model: encoder: expected no batch-norm with prior "
              + prior
              + ", as the pseudo-inputs would enter the moments of every batch; use layer-norm or"
              + " group-norm");
    }
  }
}
