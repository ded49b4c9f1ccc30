// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is: x (B, features) goes through the encoder's layers to a linear head (B, {@link
 * Posterior#columns}) of means, log variances and what else the posterior needs; z (B, latent) goes
 * through the decoder's layers to a linear head of the likelihood's parameters. A conditional model
 * takes (x | c) and (z | c) instead, c (B, C).
 *
 * @param features D
 * @param encoder hidden layers; may be empty
 * @param latent Z
 * @param decoder hidden layers; may be empty
 * @param likelihood the observation model
 * @param initializer the distribution of initial weights
 * @param image how a row is an image; null where it is not
 * @param condition what c is; null for a model without
 * @param latents the families of posterior and prior
 */
public record VaeSpec(
    int features,
    List<Layer> encoder,
    int latent,
    List<Layer> decoder,
    Likelihood likelihood,
    Initializer initializer,
    @Nullable ImageShape image,
    @Nullable Condition condition,
    Latents latents) {
  /** Checks sizes and copies the lists. {@inheritDoc} */
  public VaeSpec {
    if (features < 1) {
      throw new IllegalArgumentException("model: expected 1 feature or more, given " + features);
    }
    if (latent < 1) {
      throw new IllegalArgumentException(
          "model: expected 1 latent dimension or more, given " + latent);
    }
    if (image != null && image.features() != features) {
      throw new IllegalArgumentException(
          "model: image " + image + " has " + image.features() + " values, features " + features);
    }
    if (condition != null && latents.prior().posteriors() > 0) {
      throw new IllegalArgumentException(
          "model: expected a prior other than vamp in a conditional model, as pseudo-inputs have no"
              + " condition, given "
              + latents.prior());
    }
    encoder = List.copyOf(encoder);
    decoder = List.copyOf(decoder);
    boolean mixes = encoder.stream().anyMatch(Layer::mixesRows);
    if (mixes && latents.prior().posteriors() > 0) {
      throw new IllegalArgumentException(
          "model: encoder: expected no batch-norm with prior "
              + latents.prior()
              + ", as the pseudo-inputs would enter the moments of every batch; use layer-norm");
    }
  }

  /**
   * The numbers that stand beside x and z.
   *
   * @return C; 0 for a model without a condition
   */
  public int conditions() {
    return condition == null ? 0 : condition.columns();
  }

  /**
   * The same model, conditional.
   *
   * @param condition what c is; null for none
   * @return the specification
   */
  public VaeSpec with(@Nullable Condition condition) {
    return new VaeSpec(
        features, encoder, latent, decoder, likelihood, initializer, image, condition, latents);
  }

  /**
   * A model with a diagonal Gaussian posterior and the standard normal prior.
   *
   * @param features D
   * @param encoder hidden layers; may be empty
   * @param latent Z
   * @param decoder hidden layers; may be empty
   * @param likelihood the observation model
   * @param initializer the distribution of initial weights
   * @param image how a row is an image; null where it is not
   */
  public VaeSpec(
      int features,
      List<Layer> encoder,
      int latent,
      List<Layer> decoder,
      Likelihood likelihood,
      Initializer initializer,
      @Nullable ImageShape image) {
    this(
        features, encoder, latent, decoder, likelihood, initializer, image, null, Latents.STANDARD);
  }

  /**
   * The numbers that the encoder gives for a row.
   *
   * @return outputs of the encoder's head
   */
  public int posteriorColumns() {
    return latents.posterior().columns(latent);
  }

  /**
   * Starts a specification for rows of a length. Without further calls it is the 784-400-20-400-784
   * network of Kingma and Welling 2014: one ReLU layer of 400 on each side, 20 latent dimensions,
   * Bernoulli.
   *
   * @param features D
   * @return a builder
   */
  public static Builder builder(int features) {
    return new Builder(features);
  }

  /** Collects a specification. */
  public static final class Builder {
    private final int features;
    private List<Layer> encoder = List.of(new Layer.Dense(400, Activation.RELU));
    private Activation activation = Activation.RELU;
    private int latent = 20;
    private Likelihood likelihood = Likelihoods.parse("bernoulli");
    private Initializer initializer = Initializer.PYTORCH;
    private @Nullable ImageShape image;
    private @Nullable Condition condition;
    private Latents latents = Latents.STANDARD;
    private List<Integer> topHidden = List.of();
    private int topLatent;

    private Builder(int features) {
      this.features = features;
    }

    /**
     * Sets the encoder's hidden layers; the decoder mirrors them.
     *
     * @param units sizes, from x to z
     * @return this
     */
    public Builder hidden(Integer... units) {
      encoder = dense(List.of(units));
      return this;
    }

    /**
     * Sets the encoder's hidden layers; the decoder mirrors them. Their activations are as given.
     *
     * @param layers from x to z
     * @return this
     */
    public Builder layers(List<Layer> layers) {
      encoder = List.copyOf(layers);
      activation = Layers.activation(layers);
      return this;
    }

    /**
     * Sets the hidden layers' activation.
     *
     * @param activation the function
     * @return this
     */
    public Builder activation(Activation activation) {
      this.activation = activation;
      encoder = Layers.with(encoder, activation);
      return this;
    }

    /**
     * Sets the number of latent dimensions.
     *
     * @param latent Z
     * @return this
     */
    public Builder latent(int latent) {
      this.latent = latent;
      return this;
    }

    /**
     * Sets the observation model.
     *
     * @param likelihood p(x|z)
     * @return this
     */
    public Builder likelihood(Likelihood likelihood) {
      this.likelihood = likelihood;
      return this;
    }

    /**
     * Sets the distribution of initial weights.
     *
     * @param initializer the distribution
     * @return this
     */
    public Builder initializer(Initializer initializer) {
      this.initializer = initializer;
      return this;
    }

    /**
     * Says how a row is an image, for pictures.
     *
     * @param image the shape; null for none
     * @return this
     */
    public Builder image(@Nullable ImageShape image) {
      this.image = image;
      return this;
    }

    /**
     * Makes the model conditional.
     *
     * @param condition what it is told of each row; null for nothing
     * @return this
     */
    public Builder condition(@Nullable Condition condition) {
      this.condition = condition;
      return this;
    }

    /**
     * Sets the family of q(z|x).
     *
     * @param posterior the family
     * @return this
     */
    public Builder posterior(Posterior posterior) {
      latents = latents.withPosterior(posterior);
      return this;
    }

    /**
     * Sets the family of p(z).
     *
     * @param prior the family
     * @return this
     */
    public Builder prior(Prior prior) {
      latents = latents.withPrior(prior);
      return this;
    }

    /**
     * Puts a second stochastic layer above z, with the same activation.
     *
     * @param latent its dimensions; 0 for no such layer
     * @param units hidden layers from z to it; mirrored on the way back
     * @return this
     */
    public Builder top(int latent, Integer... units) {
      topLatent = latent;
      topHidden = List.of(units);
      return this;
    }

    /**
     * Makes the specification.
     *
     * @return the specification
     * @throws IllegalArgumentException if a size is impossible
     */
    public VaeSpec build() {
      List<Layer> above = dense(topHidden);
      TopLevel top =
          topLatent == 0 && topHidden.isEmpty()
              ? null
              : new TopLevel(above, topLatent, Layers.mirrored(above));
      return new VaeSpec(
          features,
          encoder,
          latent,
          Layers.mirrored(encoder),
          likelihood,
          initializer,
          image,
          condition,
          latents.withTop(top));
    }

    private List<Layer> dense(List<Integer> units) {
      return units.stream().map(size -> (Layer) new Layer.Dense(size, activation)).toList();
    }
  }
}
