// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.reference;

import io.github.vae4j.tensor.Tensor;

/**
 * The elements of a tensor along which moments are taken: a column, a row, or a group of channels
 * at all pixels of an image. They are runs of adjacent elements at equal distances.
 */
record Line(int first, int stride, int run, int count) {
  static Line column(Tensor x, int column) {
    return new Line(column, x.dim(-1), 1, x.rows());
  }

  static Line row(Tensor x, int row) {
    return new Line(row * x.dim(-1), x.dim(-1), x.dim(-1), x.dim(-1));
  }

  /** A group of so many channels of an image, of (images, pixels, channels). */
  static Line group(Tensor x, int image, int group, int channels) {
    int pixels = x.dim(1);
    int first = image * pixels * x.dim(-1) + group * channels;
    return new Line(first, x.dim(-1), channels, pixels * channels);
  }

  int at(int i) {
    return first + i / run * stride + i % run;
  }

  double mean(Floats x) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += x.get(at(i));
    }
    return sum / count;
  }

  double variance(Floats x, double mean) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double distance = x.get(at(i)) - mean;
      sum += distance * distance;
    }
    return sum / count;
  }
}
