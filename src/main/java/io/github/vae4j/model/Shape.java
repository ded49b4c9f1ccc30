// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.data.ImageShape;

/**
 * The shape of one row between two layers: an image with its channels last, or a flat row, which is
 * an image of one pixel.
 *
 * @param height pixels from top to bottom
 * @param width pixels from left to right
 * @param channels values of a pixel
 */
public record Shape(int height, int width, int channels) {
  /** Checks the sizes. {@inheritDoc} */
  public Shape {
    if (height < 1 || width < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "shape: expected sizes of 1 or more, given " + height + " x " + width + " x " + channels);
    }
    Math.multiplyExact(Math.multiplyExact(height, width), channels);
  }

  /**
   * A flat row.
   *
   * @param values its length
   * @return the shape
   */
  public static Shape flat(int values) {
    return new Shape(1, 1, values);
  }

  /**
   * The shape of an image.
   *
   * @param image the sizes of an image
   * @return the shape
   */
  public static Shape of(ImageShape image) {
    return new Shape(image.height(), image.width(), image.channels());
  }

  /**
   * The number of values.
   *
   * @return height times width times channels
   */
  public int size() {
    return height * width * channels;
  }

  /**
   * Whether the row is flat.
   *
   * @return whether it has one pixel
   */
  public boolean isFlat() {
    return height == 1 && width == 1;
  }

  @Override
  public String toString() {
    return isFlat() ? "" + channels : height + " x " + width + " x " + channels;
  }
}
