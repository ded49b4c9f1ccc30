// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.metrics;

import io.github.vae4j.data.ImageShape;
import io.github.vae4j.tensor.Matrix;

/** Two features of an image: its first and its last value. */
public final class CornerFeatures implements ImageFeatures {
  @Override
  public Matrix features(Matrix block, ImageShape shape) {
    Matrix features = Matrix.zeros(block.rows(), 2);
    for (int row = 0; row < block.rows(); row++) {
      features.values()[2 * row] = block.at(row, 0);
      features.values()[2 * row + 1] = block.at(row, block.columns() - 1);
    }
    return features;
  }

  @Override
  public void close() {}
}
