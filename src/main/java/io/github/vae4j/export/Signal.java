// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.model.Shape;

/**
 * Rows between two layers: images (rows, channels, height, width), or flat rows (rows, values).
 *
 * @param value the tensor
 * @param shape of a row
 * @param image whether the tensor has four dimensions
 */
record Signal(Value value, Shape shape, boolean image) {
  static Signal flat(Value value, Shape shape) {
    return new Signal(value, shape, false);
  }

  static Signal image(Value value, Shape shape) {
    return new Signal(value, shape, true);
  }

  /** With four dimensions. */
  Signal asImage() {
    return image
        ? this
        : image(value.reshape(0, shape.channels(), shape.height(), shape.width()), shape);
  }

  /** With two dimensions: an image channel by channel, as layers of flat rows take it. */
  Signal asFlat() {
    return image ? flat(value.reshape(0, shape.size()), Shape.flat(shape.size())) : this;
  }

  /** The same shape with another tensor. */
  Signal with(Value other) {
    return new Signal(other, shape, image);
  }

  /**
   * Rows in the order of vae4j: an image part by part, each of them pixel by pixel with the
   * channels last.
   *
   * @param parts of the channels
   */
  Value ordered(int parts) {
    if (!image) {
      return value;
    }
    long pixels = (long) shape.height() * shape.width();
    long channels = shape.channels() / parts;
    return pixels == 1 || channels == 1
        ? value.reshape(0, shape.size())
        : value.reshape(0, parts, channels, pixels).transposed(0, 1, 3, 2).reshape(0, shape.size());
  }

  /** Images of rows in the order of vae4j. */
  static Signal ofOrdered(Value rows, Shape shape) {
    long pixels = (long) shape.height() * shape.width();
    Value swapped =
        pixels == 1 || shape.channels() == 1
            ? rows
            : rows.reshape(0, pixels, shape.channels()).transposed(0, 2, 1);
    return image(swapped.reshape(0, shape.channels(), shape.height(), shape.width()), shape);
  }
}
