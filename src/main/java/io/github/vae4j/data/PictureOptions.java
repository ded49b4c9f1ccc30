// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options of reading a folder of pictures; null for the default.
 *
 * @param width of the rows' pictures; null, with the height, for the one size that all files have
 * @param height of the rows' pictures; null if the width is
 * @param fit how a picture of another aspect becomes one of this size; null for {@link Fit#CROP}
 * @param channels 1 (grey) or 3 (red, green, blue); null for 3 if any file has colour, else 1
 * @param background the colour behind transparent pixels as six hexadecimal digits, red, green and
 *     blue; null for black
 */
public record PictureOptions(
    @Nullable Integer width,
    @Nullable Integer height,
    @Nullable Fit fit,
    @Nullable Integer channels,
    @Nullable String background) {
  /** The defaults. */
  public static final PictureOptions PLAIN = new PictureOptions(null, null, null, null, null);

  private static final Pattern COLOUR = Pattern.compile("[0-9a-fA-F]{6}");
  private static final int HEXADECIMAL = 16;

  /** How a picture of another aspect becomes one of a given size. */
  public enum Fit {
    /** The largest part of the aspect in the middle of the picture, scaled. */
    CROP,
    /** The whole picture, scaled until it fits, in the middle; the bars beside it are 0. */
    PAD,
    /** The whole picture, scaled by different factors in width and height. */
    STRETCH
  }

  /** Checks the options. {@inheritDoc} */
  public PictureOptions {
    if ((width == null) != (height == null)) {
      throw new IllegalArgumentException(
          width == null
              ? "height: expected with a width, given " + height + " without one"
              : "width: expected with a height, given " + width + " without one");
    }
    if (width != null && height != null) {
      new ImageShape(width, height, 3);
    }
    if (width == null && fit != null) {
      throw new IllegalArgumentException(
          "fit: expected with a width and a height, to which pictures are fitted, given without them");
    }
    if (channels != null && channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "channels: expected 1 (grey) or 3 (red, green, blue), given " + channels);
    }
    if (background != null && !COLOUR.matcher(background).matches()) {
      throw new IllegalArgumentException(
          "background: expected six hexadecimal digits, as in ffffff, given " + background);
    }
  }

  /**
   * Rows of one size.
   *
   * @param width of the rows' pictures
   * @param height of the rows' pictures
   * @param fit how a picture of another aspect becomes one of this size
   * @return the options, with any channels
   */
  public static PictureOptions of(int width, int height, Fit fit) {
    return new PictureOptions(width, height, fit, null, null);
  }

  /**
   * A copy with a number of channels.
   *
   * @param count 1 or 3; null for 3 if any file has colour, else 1
   * @return the options
   */
  public PictureOptions withChannels(@Nullable Integer count) {
    return new PictureOptions(width, height, fit, count, background);
  }

  /**
   * A copy with a colour behind transparent pixels.
   *
   * @param colour six hexadecimal digits; null for black
   * @return the options
   */
  public PictureOptions withBackground(@Nullable String colour) {
    return new PictureOptions(width, height, fit, channels, colour);
  }

  /** Red, green and blue of the background, in the lower 24 bits. */
  int backgroundColour() {
    return background == null ? 0 : Integer.parseInt(background, HEXADECIMAL);
  }

  Fit fitOrCrop() {
    return Objects.requireNonNullElse(fit, Fit.CROP);
  }
}
