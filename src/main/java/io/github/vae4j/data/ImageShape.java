// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

/**
 * The shape of a row as an image: row-major pixels, channels last.
 *
 * @param width pixels in a line
 * @param height lines
 * @param channels 1 (grey) or 3 (red, green, blue)
 */
public record ImageShape(int width, int height, int channels) {
  /** Checks the sizes. {@inheritDoc} */
  public ImageShape {
    if (width < 1 || height < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "image: expected width and height of 1 or more and 1 or 3 channels, given "
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
   * The row's length.
   *
   * @return width * height * channels
   */
  public int features() {
    return width * height * channels;
  }
}
