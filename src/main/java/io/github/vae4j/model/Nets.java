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
        throw noImages("encoder", "its layers", features);
      }
      int channels = Math.addExact(Math.multiplyExact(masks, row.channels()), conditions);
      return new Shape(row.height(), row.width(), channels);
    }
  }

  /** The error for layers of images and rows that are none. */
  static IllegalArgumentException noImages(String setting, String layers, int features) {
    return new IllegalArgumentException(
        setting
            + ": expected rows that are images for "
            + layers
            + ", given rows of "
            + features
            + " values without a shape; DataViews.shaped gives them one");
  }

  static Nets of(Sizes sizes, List<Layer> encoder, List<Layer> decoder) {
    checkCodes(sizes, encoder);
    Net up =
        Net.of(
            "encoder",
            sizes.encoderInput(encoder),
            encoder,
            new Net.Head(
                "posterior", sizes.posteriorColumns(), parts(sizes, sizes.latent()), null));
    Shape codes = codes(up, sizes.latent());
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

  /** Codes are images where the encoder ends in a head of its own. */
  private static void checkCodes(Sizes sizes, List<Layer> encoder) {
    int last = encoder.size() - 1;
    if (last < 0 || !encoder.get(last).isHead()) {
      return;
    }
    Net hidden = Net.ofLayers("encoder", sizes.encoderInput(encoder), encoder.subList(0, last));
    Shape before = last == 0 ? sizes.encoderInput(encoder) : hidden.output();
    Shape codes = encoder.get(last).headSize(before);
    int pixels = Math.multiplyExact(codes.height(), codes.width());
    if (sizes.posteriorColumns() != 2 * sizes.latent()) {
      throw new IllegalArgumentException(
          "posterior: expected diagonal for codes that are images, given "
              + sizes.latents().posterior());
    } else if (sizes.latent() % pixels != 0) {
      throw new IllegalArgumentException(
          "latent: expected a multiple of "
              + pixels
              + " for codes of "
              + codes.height()
              + " x "
              + codes.width()
              + " pixels, given "
              + sizes.latent());
    }
  }

  /** The shape of a code, without a condition. */
  static Shape codes(Net encoder, int latent) {
    Shape head = encoder.output();
    return head.isFlat()
        ? Shape.flat(latent)
        : new Shape(head.height(), head.width(), latent / (head.height() * head.width()));
  }
}
