// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;

/**
 * Sub-pixel rearrangement (Shi et al. 2016): blocks of channels become blocks of pixels, or,
 * inverse, blocks of pixels become channels.
 *
 * @param factorHeight rows for each row
 * @param factorWidth columns for each column
 * @param inverse whether pixels become channels
 */
public record PixelShuffleLayer(int factorHeight, int factorWidth, boolean inverse)
    implements Layer {
  static final String SHUFFLE = "pixel-shuffle";
  static final String UNSHUFFLE = "pixel-unshuffle";

  /** Checks ranges. {@inheritDoc} */
  public PixelShuffleLayer {
    LayerText.checkFactors(inverse ? UNSHUFFLE : SHUFFLE, factorHeight, factorWidth);
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
    int block = factorHeight * factorWidth;
    if (inverse) {
      if (input.height() % factorHeight != 0 || input.width() % factorWidth != 0) {
        throw new IllegalArgumentException(
            name() + ": expected whole blocks of pixels, given an input of " + input);
      }
      return new Shape(
          input.height() / factorHeight,
          input.width() / factorWidth,
          Math.multiplyExact(input.channels(), block));
    }
    if (input.channels() % block != 0) {
      throw new IllegalArgumentException(
          name() + ": expected a multiple of " + block + " channels, given an input of " + input);
    }
    return new Shape(
        Math.multiplyExact(input.height(), factorHeight),
        Math.multiplyExact(input.width(), factorWidth),
        input.channels() / block);
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    return List.of();
  }

  @Override
  public List<Layer> reversed(Shape input) {
    return List.of(new PixelShuffleLayer(factorHeight, factorWidth, !inverse));
  }

  @Override
  public String name() {
    return LayerText.factors(inverse ? UNSHUFFLE : SHUFFLE, factorHeight, factorWidth);
  }
}
