// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

/**
 * The shape of a row as an image: row-major pixels, channels last. A series is an image of one
 * line.
 *
 * @param width pixels in a line
 * @param height lines
 * @param channels values of a pixel; pictures have 1 (grey) or 3 (red, green, blue)
 */
public record ImageShape(int width, int height, int channels) {
  /** Checks the sizes. {@inheritDoc} */
  public ImageShape {
    if (width < 1 || height < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "image: expected width, height and channels of 1 or more, given "
              + width
              + " x "
              + height
              + " x "
              + channels);
    }
    if ((long) width * height > Integer.MAX_VALUE / channels) {
      throw new IllegalArgumentException(
          "image: expected fewer than 2^31 values, given "
              + width
              + " x "
              + height
              + " x "
              + channels);
    }
  }

  /**
   * A series.
   *
   * @param length values of a channel
   * @param channels values at a place of the series
   * @return the shape, of one line
   */
  public static ImageShape series(int length, int channels) {
    return new ImageShape(length, 1, channels);
  }

  /**
   * The order of a row whose channels are one after the other.
   *
   * @return the place in it of each value of a row of this shape
   */
  public int[] channelsFirst() {
    int[] places = new int[features()];
    int pixels = width * height;
    for (int i = 0; i < places.length; i++) {
      places[i] = i % channels * pixels + i / channels;
    }
    return places;
  }

  /**
   * Whether the row is a series.
   *
   * @return whether the image has one line
   */
  public boolean isSeries() {
    return height == 1;
  }

  /**
   * Whether pixels have a colour.
   *
   * @return whether the channels are grey, or red, green and blue, by their number
   */
  public boolean hasColours() {
    return channels == 1 || channels == 3;
  }

  /**
   * Refuses images whose channels are no colours.
   *
   * @param use the name of the use that needs colours, for the message
   * @throws IllegalArgumentException if there are other than 1 or 3 channels
   */
  public void requireColours(String use) {
    if (!hasColours()) {
      throw new IllegalArgumentException(
          use
              + ": expected images of 1 channel (grey) or 3 (red, green, blue), given "
              + channels
              + " channels");
    }
  }

  /**
   * The row's length.
   *
   * @return width * height * channels
   */
  public int features() {
    return width * height * channels;
  }
}
