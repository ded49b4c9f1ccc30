// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;

/**
 * The variance of an image's Laplacian, a measure of focus (Pech-Pacheco et al. 2000, "Diatom
 * autofocusing in brightfield microscopy", section 3): of {@code up + down + left + right - 4
 * centre} over all pixels that have four neighbours. Colours are first converted to grey by the
 * weights of ITU-R BT.601.
 */
public final class Laplacian {
  private static final double[] GREY = {1};
  private static final double[] LUMA = {0.299, 0.587, 0.114};

  private Laplacian() {}

  /**
   * The variance of the Laplacian of an image.
   *
   * @param images (n, shape.features())
   * @param row number of the image
   * @param shape at least 3 x 3 pixels in 1 or 3 channels
   * @return the variance
   */
  public static double variance(Matrix images, int row, ImageShape shape) {
    require(shape);
    if (images.columns() != shape.features()) {
      throw new IllegalArgumentException(
          "sharpness: expected rows of "
              + shape.features()
              + " values for "
              + shape
              + ", given "
              + images.columns());
    }
    double[] grey = grey(images, row, shape);
    int width = shape.width();
    Moments moments = new Moments();
    for (int y = 1; y < shape.height() - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        int at = y * width + x;
        moments.add(
            grey[at - width] + grey[at + width] + grey[at - 1] + grey[at + 1] - 4 * grey[at]);
      }
    }
    return moments.variance();
  }

  /**
   * Checks that an image has colours, and pixels with four neighbours.
   *
   * @param shape of the image
   * @throws IllegalArgumentException if not
   */
  public static void require(ImageShape shape) {
    shape.requireColours("sharpness");
    if (shape.width() < 3 || shape.height() < 3) {
      throw new IllegalArgumentException(
          "sharpness: expected images of 3 x 3 pixels or more, given "
              + shape.width()
              + " x "
              + shape.height());
    }
  }

  private static double[] grey(Matrix images, int row, ImageShape shape) {
    double[] weights = shape.channels() == 1 ? GREY : LUMA;
    double[] grey = new double[shape.width() * shape.height()];
    int at = row * images.columns();
    for (int pixel = 0; pixel < grey.length; pixel++) {
      for (double weight : weights) {
        grey[pixel] += weight * images.values()[at++];
      }
    }
    return grey;
  }
}
