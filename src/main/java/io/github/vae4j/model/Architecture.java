// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.ImageShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Nets by name. */
public enum Architecture {
  /** A dense layer of 400 units; rows of any kind. */
  MLP,
  /** Two convolutions 4 x 4 of stride 2, of 32 and 64 channels, then 256 units: 28 or 32 pixels. */
  CONV,
  /**
   * Four convolutions 4 x 4 of stride 2, of 32, 32, 64 and 64 channels, then 256 units: 64 pixels
   * (the net of the beta-VAE, Burgess et al. 2018).
   */
  CONV64,
  /**
   * Residual blocks with group normalisation and SiLU, of 32 to 256 channels, which halve the image
   * while it is above 8 pixels and of even sizes: made for 32 to 128 pixels.
   */
  RESNET,
  /**
   * The spatial codes of latent diffusion (Rombach et al. 2022): residual blocks down to an eighth
   * of the image, self-attention between the last two, codes of 4 channels.
   */
  KL_AUTOENCODER;

  private static final int MOST_CHANNELS = 256;
  private static final int LEAST_SIZE = 8;
  private static final int REDUCTION = 8;
  private static final int CODE_CHANNELS = 4;

  /**
   * A net.
   *
   * @param encoder hidden layers
   * @param latent the usual number of dimensions
   * @param decoder hidden layers
   */
  public record Layout(List<Layer> encoder, int latent, List<Layer> decoder) {}

  /**
   * The name on the command line.
   *
   * @return the name
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Whether the architecture has activations of its own.
   *
   * @return false if one option sets the activation of its layers
   */
  public boolean activated() {
    return this == RESNET || this == KL_AUTOENCODER;
  }

  /**
   * The layers for rows.
   *
   * @param features D
   * @param image the shape of a row; null for none
   * @param activation of layers whose activation the architecture leaves open
   * @return the net
   * @throws IllegalArgumentException if the architecture needs images, or other sizes
   */
  public Layout layout(int features, @Nullable ImageShape image, Activation activation) {
    if (this == MLP) {
      return mirrored("400", 20, features, image, activation);
    } else if (image == null) {
      throw Nets.noImages("architecture", id(), features);
    }
    return switch (this) {
      case CONV -> mirrored("conv:32x4s2,conv:64x4s2,256", 20, features, image, activation);
      case CONV64 ->
          mirrored(
              "conv:32x4s2,conv:32x4s2,conv:64x4s2,conv:64x4s2,256",
              32,
              features,
              image,
              activation);
      case RESNET -> resnet(image);
      default -> autoencoder(image);
    };
  }

  private static Layout mirrored(
      String text, int latent, int features, @Nullable ImageShape image, Activation activation) {
    List<Layer> encoder = Layers.parse(text, activation);
    return new Layout(encoder, latent, Layers.mirrored(encoder, features, image));
  }

  private static Layout resnet(ImageShape image) {
    List<String> up = new ArrayList<>();
    List<String> down = new ArrayList<>(List.of("conv:32x3"));
    int channels = 32;
    int height = image.height();
    int width = image.width();
    while (Math.min(height, width) > LEAST_SIZE && height % 2 == 0 && width % 2 == 0) {
      int next = Math.min(2 * channels, MOST_CHANNELS);
      down.add(block("", "conv:" + next + "x3s2", next));
      up.add(block("upsample:2,", "conv:" + channels + "x3", channels));
      channels = next;
      height /= 2;
      width /= 2;
    }
    down.add("group-norm:8,silu,256,silu");
    Collections.reverse(up);
    up.add("group-norm:8,silu,conv:outx3");
    String start =
        "256,silu,"
            + channels * height * width
            + ",reshape:"
            + channels
            + "x"
            + height
            + "x"
            + width;
    return new Layout(
        parsed(String.join(",", down)), 64, parsed(start + "," + String.join(",", up)));
  }

  private static Layout autoencoder(ImageShape image) {
    if (image.height() % REDUCTION != 0 || image.width() % REDUCTION != 0) {
      throw new IllegalArgumentException(
          "architecture: "
              + KL_AUTOENCODER.id()
              + ": expected a height and a width that are multiples of "
              + REDUCTION
              + ", given "
              + image.height()
              + " x "
              + image.width());
    }
    List<String> up = new ArrayList<>();
    List<String> down = new ArrayList<>(List.of("conv:64x3"));
    int channels = 64;
    for (int size = REDUCTION; size > 1; size /= 2) {
      int next = Math.min(2 * channels, MOST_CHANNELS);
      down.add(block("", "conv:" + channels + "x3", channels));
      down.add("conv:" + next + "x3s2");
      up.add(
          "upsample:2,conv:" + channels + "x3," + block("", "conv:" + channels + "x3", channels));
      channels = next;
    }
    int pixels = image.height() / REDUCTION * (image.width() / REDUCTION);
    String last = block("", "conv:" + channels + "x3", channels);
    String middle = last + (pixels > 1 ? ",res(group-norm:32,attention)," : ",") + last;
    down.add(middle + ",group-norm:32,silu,conv:outx3");
    Collections.reverse(up);
    up.add("group-norm:32,silu,conv:outx3");
    return new Layout(
        parsed(String.join(",", down)),
        Math.multiplyExact(pixels, CODE_CHANNELS),
        parsed("conv:" + channels + "x3," + middle + "," + String.join(",", up)));
  }

  /** A residual block whose first convolution may change the size. */
  private static String block(String before, String first, int channels) {
    String norm = "group-norm:8,silu,";
    return "res(" + norm + before + first + "," + norm + "conv:" + channels + "x3)";
  }

  private static List<Layer> parsed(String text) {
    return Layers.parse(text, Activation.IDENTITY);
  }
}
