// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.backend.Window;
import java.util.List;

/**
 * Enlarges an image by whole factors.
 *
 * @param factorHeight rows for each row
 * @param factorWidth columns for each column
 * @param bilinear whether pixels are interpolated, else repeated
 */
public record UpsampleLayer(int factorHeight, int factorWidth, boolean bilinear) implements Layer {
  static final String NEAREST = "upsample";
  static final String BILINEAR = "bilinear";

  /** Checks ranges. {@inheritDoc} */
  public UpsampleLayer {
    LayerText.checkFactors(bilinear ? BILINEAR : NEAREST, factorHeight, factorWidth);
  }

  @Override
  public boolean spatial() {
    return true;
  }

  @Override
  public boolean reshapes() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    return new Shape(
        Math.multiplyExact(input.height(), factorHeight),
        Math.multiplyExact(input.width(), factorWidth),
        input.channels());
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    return List.of();
  }

  @Override
  public List<Layer> reversed(Shape input) {
    return List.of(
        new PoolLayer(
            new Window(factorHeight, factorWidth, factorHeight, factorWidth, 0, 0, 1, 1), true));
  }

  @Override
  public String name() {
    return LayerText.factors(bilinear ? BILINEAR : NEAREST, factorHeight, factorWidth);
  }
}
