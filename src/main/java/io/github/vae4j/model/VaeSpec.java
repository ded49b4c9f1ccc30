// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Schema;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The specification of a model. The encoder's layers take x (B, features); their linear head (B,
 * {@link Posterior#columns}) gives means, log variances and the further parameters of the
 * posterior. The decoder's layers take z (B, latent); their linear head gives the likelihood's
 * parameters. The inputs of a conditional model are (x | c) and (z | c), with c (B, C). The
 * encoder's input may have the mask of missing values too, (x | mask) or (x | c | mask).
 *
 * @param features D
 * @param encoder hidden layers; may be empty
 * @param latent Z
 * @param decoder hidden layers; may be empty
 * @param likelihood the observation model
 * @param initializer the distribution of initial weights
 * @param image the shape of a row as an image; null if rows are not images
 * @param condition the condition c; null for a model without one
 * @param latents the families of posterior and prior
 * @param maskInput whether the encoder's input has the mask of missing values: 1 where a value is
 *     there, else 0
 * @param names of the columns and classes of the training data
 * @param schema of the tables whose rows the features are made of; null for a model of numbers
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
    Latents latents,
    boolean maskInput,
    DataNames names,
    @Nullable Schema schema) {
  /** Checks sizes and copies the lists. {@inheritDoc} */
  public VaeSpec {
    if (features < 1) {
      throw new IllegalArgumentException("model: expected 1 feature or more, given " + features);
    }
    if (latent < 1) {
      throw new IllegalArgumentException(
          "model: latent: expected 1 dimension or more, given " + latent);
    }
    if (names.columns() != null && names.columns().size() != features) {
      throw new IllegalArgumentException(
          "model: features is " + features + ", but " + names.columns().size() + " have names");
    }
    if (image != null && image.features() != features) {
      throw new IllegalArgumentException(
          "model: image " + image + " has " + image.features() + " values, features " + features);
    }
    if (schema != null) {
      int width = new Features(schema).width();
      if (width != features) {
        throw new IllegalArgumentException(
            "model: schema: its columns make " + width + " features, and features is " + features);
      }
    }
    encoder = List.copyOf(encoder);
    decoder = List.copyOf(decoder);
    if (Stream.concat(encoder.stream(), decoder.stream()).anyMatch(Layer::spatial)) {
      int conditions = condition == null ? 0 : condition.columns();
      Nets.of(
          new Nets.Sizes(features, image, conditions, maskInput, latent, latents, likelihood),
          encoder,
          decoder);
    }
    latents.checkPseudoInputs(condition, maskInput, encoder);
  }

  /**
   * The length of the condition c.
   *
   * @return C; 0 for a model without a condition
   */
  public int conditions() {
    return condition == null ? 0 : condition.columns();
  }

  /**
   * A copy with a condition.
   *
   * @param condition the condition c; null for none
   * @return the specification
   */
  public VaeSpec with(@Nullable Condition condition) {
    return copy(condition, maskInput, names, schema);
  }

  /**
   * A copy with other names.
   *
   * @param names of the columns and classes of the training data
   * @return the specification
   */
  public VaeSpec named(DataNames names) {
    return copy(condition, maskInput, names, schema);
  }

  /**
   * A copy whose encoder gets the mask of missing values, or does not.
   *
   * @param maskInput whether the encoder's input has the mask
   * @return the specification
   */
  public VaeSpec withMaskInput(boolean maskInput) {
    return copy(condition, maskInput, names, schema);
  }

  /**
   * A copy for the rows of tables.
   *
   * @param schema of the tables; null for a model of numbers
   * @return the specification
   */
  public VaeSpec withSchema(@Nullable Schema schema) {
    return copy(condition, maskInput, names, schema);
  }

  private VaeSpec copy(
      @Nullable Condition condition, boolean maskInput, DataNames names, @Nullable Schema schema) {
    return new VaeSpec(
        features,
        encoder,
        latent,
        decoder,
        likelihood,
        initializer,
        image,
        condition,
        latents,
        maskInput,
        names,
        schema);
  }

  /**
   * Whether the model is conditional on labels.
   *
   * @return false for a model without a condition, or with one of columns
   */
  public boolean labelled() {
    return condition != null && condition.match(labels -> true, columns -> false);
  }

  /**
   * The number of inputs of the encoder.
   *
   * @return D + C, and D for the mask
   */
  public int encoderInputs() {
    return Math.addExact(Math.addExact(features, conditions()), maskInput ? features : 0);
  }

  /** The nets, with all shapes. */
  Nets nets() {
    return Nets.of(
        new Nets.Sizes(features, image, conditions(), maskInput, latent, latents, likelihood),
        encoder,
        decoder);
  }

  /**
   * The shape of a code z.
   *
   * @return an image if the encoder's head is a convolution, else a flat row
   */
  public Shape codeShape() {
    return Nets.codes(nets().encoder(), latent);
  }

  /**
   * The number of outputs of the encoder for a row.
   *
   * @return outputs of the encoder's head
   */
  public int posteriorColumns() {
    return latents.posterior().columns(latent);
  }

  /**
   * Starts a specification for rows of a length. The defaults are the network of Kingma and Welling
   * 2014: one ReLU layer of 400 in encoder and decoder, 20 latent dimensions, a Bernoulli
   * likelihood.
   *
   * @param features D
   * @return a builder
   */
  public static Builder builder(int features) {
    return new Builder(features);
  }

  /** Builds a specification. */
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
    private boolean maskInput;

    private Builder(int features) {
      this.features = features;
    }

    /**
     * Sets the encoder's hidden layers; the decoder has them in the opposite order.
     *
     * @param units sizes, from x to z
     * @return this
     */
    public Builder hidden(Integer... units) {
      encoder = Layers.dense(List.of(units), activation);
      return this;
    }

    /**
     * Sets the encoder's hidden layers, with their activations; the decoder's follow from them
     * ({@link Layers#mirrored}).
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
     * Sets the shape of a row as an image, for pictures.
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
     * @param condition the condition of each row; null for none
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
     * Adds a second stochastic layer above z, whose nets have the same activation.
     *
     * @param latent its dimensions; 0 for no such layer
     * @param units hidden layers from z to it; the net back to z has them in the opposite order
     * @return this
     */
    public Builder top(int latent, Integer... units) {
      topLatent = latent;
      topHidden = List.of(units);
      return this;
    }

    /**
     * Gives the encoder the mask of missing values, for data with missing values: without it, it
     * cannot tell a missing value from 0.
     *
     * @param maskInput whether the encoder's input has the mask; false at first
     * @return this
     */
    public Builder maskInput(boolean maskInput) {
      this.maskInput = maskInput;
      return this;
    }

    /**
     * Makes the specification.
     *
     * @return the specification
     * @throws IllegalArgumentException if a size is impossible
     */
    public VaeSpec build() {
      List<Layer> above = Layers.dense(topHidden, activation);
      TopLevel top =
          topLatent == 0 && topHidden.isEmpty()
              ? null
              : new TopLevel(above, topLatent, Layers.mirrored(above));
      return new VaeSpec(
          features,
          encoder,
          latent,
          Layers.mirrored(encoder, features, image),
          likelihood,
          initializer,
          image,
          condition,
          latents.withTop(top),
          maskInput,
          DataNames.NONE,
          null);
    }
  }
}
