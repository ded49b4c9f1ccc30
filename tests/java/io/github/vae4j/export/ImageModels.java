// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.VaeSpec;
import org.jspecify.annotations.Nullable;

/** Models of images whose nets are given as text. */
final class ImageModels {
  static final ImageShape SHAPE = new ImageShape(4, 6, 2);

  private ImageModels() {}

  static VaeSpec of(
      String likelihood,
      String encoder,
      int latent,
      String decoder,
      @Nullable Condition condition,
      boolean mask) {
    VaeSpec plain = VaeSpec.builder(SHAPE.features()).image(SHAPE).latent(latent).build();
    return new VaeSpec(
        SHAPE.features(),
        Layers.parse(encoder, Activation.RELU),
        latent,
        Layers.parse(decoder, Activation.RELU),
        Likelihoods.parse(likelihood),
        plain.initializer(),
        SHAPE,
        condition,
        Latents.STANDARD,
        mask,
        plain.names(),
        null);
  }
}
