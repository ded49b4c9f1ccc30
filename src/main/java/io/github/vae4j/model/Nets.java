// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihood;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoder and the decoder of a model, with all shapes. The rows are images where the encoder
 * has a layer of images; a condition, and the mask of missing values, are further channels of the
 * image then, and further columns of a flat row else. The codes are images where the encoder's head
 * is a convolution.
 *
 * @param encoder from x to the posterior's head
 * @param decoder from z to the observation's head
 */
record Nets(Net encoder, Net decoder) {
  /** The components of a {@link VaeSpec} that decide on shapes. */
  record Sizes(
      int features,
      @Nullable ImageShape image,
      int conditions,
      boolean maskInput,
      int latent,
      Latents latents,
      Likelihood likelihood) {
    int posteriorColumns() {
      return latents.posterior().columns(latent);
    }

    /** The shape of a row as an image, without condition and mask. */
    @Nullable Shape row() {
      return image == null ? null : Shape.of(image);
    }

    private Shape encoderInput(List<Layer> encoder) {
      int masks = maskInput ? 2 : 1;
      boolean spatial = encoder.stream().anyMatch(Layer::spatial);
      if (!spatial) {
        int values = Math.multiplyExact(masks, features);
        return Shape.flat(Math.addExact(values, conditions));
      }
      Shape row = row();
      if (row == null) {
        throw new IllegalArgumentException(
            "encoder: its layers need images, and the model has rows of "
                + features
                + " values without a shape");
      }
      int channels = Math.addExact(Math.multiplyExact(masks, row.channels()), conditions);
      return new Shape(row.height(), row.width(), channels);
    }
  }

  static Nets of(Sizes sizes, List<Layer> encoder, List<Layer> decoder) {
    Net up =
        Net.of(
            "encoder",
            sizes.encoderInput(encoder),
            encoder,
            new Net.Head(
                "posterior", sizes.posteriorColumns(), parts(sizes, sizes.latent()), null));
    Shape codes = codes(up, sizes);
    int outputs = sizes.likelihood().parameters(sizes.features());
    int parts = outputs % sizes.features() == 0 ? outputs / sizes.features() : 0;
    Net down =
        Net.of(
            "decoder",
            new Shape(
                codes.height(), codes.width(), Math.addExact(codes.channels(), sizes.conditions())),
            decoder,
            new Net.Head("observation", outputs, parts, sizes.row()));
    return new Nets(up, down);
  }

  private static int parts(Sizes sizes, int latent) {
    int columns = sizes.posteriorColumns();
    return columns % latent == 0 ? columns / latent : 0;
  }

  /** The shape of a code. */
  private static Shape codes(Net encoder, Sizes sizes) {
    Shape head = encoder.output();
    if (!head.isFlat() && sizes.posteriorColumns() != 2 * sizes.latent()) {
      throw new IllegalArgumentException(
          "encoder: expected the diagonal posterior for codes that are images of "
              + head.height()
              + " x "
              + head.width()
              + " pixels, given one of "
              + sizes.posteriorColumns()
              + " columns for "
              + sizes.latent()
              + " dimensions");
    }
    return codes(encoder, sizes.latent());
  }

  /** The shape of a code, without a condition. */
  static Shape codes(Net encoder, int latent) {
    Shape head = encoder.output();
    return head.isFlat()
        ? Shape.flat(latent)
        : new Shape(head.height(), head.width(), latent / (head.height() * head.width()));
  }
}
