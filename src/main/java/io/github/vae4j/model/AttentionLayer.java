// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.model.Parameter.Role;
import java.util.List;

/**
 * Self-attention of an image's pixels (Vaswani et al. 2017), without a residual connection:
 * queries, keys and values are projections of each pixel's channels, and the heads' outputs are
 * projected back. Parameters have the names and the layout of PyTorch's {@code MultiheadAttention}.
 *
 * @param heads of adjacent channels, each with its own attention
 */
public record AttentionLayer(int heads) implements Layer {
  static final String NAME = "attention";

  /** Checks the range. {@inheritDoc} */
  public AttentionLayer {
    if (heads < 1) {
      throw new IllegalArgumentException(NAME + ": heads: expected 1 or more, given " + heads);
    }
  }

  @Override
  public boolean spatial() {
    return true;
  }

  @Override
  public Shape output(Shape input) {
    if (input.isFlat()) {
      throw new IllegalArgumentException(
          NAME
              + ": expected images of 2 pixels or more, given rows of "
              + input
              + " values; reshape:CHANNELSxHEIGHTxWIDTH makes images of rows");
    }
    if (input.channels() % heads != 0) {
      throw new IllegalArgumentException(
          NAME
              + ": heads: expected a divisor of the "
              + input.channels()
              + " channels, given "
              + heads);
    }
    return input;
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    int channels = input.channels();
    return List.of(
        Parameter.matrix("in_proj_weight", channels, Math.multiplyExact(3, channels), Role.WEIGHT),
        Parameter.vector("in_proj_bias", Math.multiplyExact(3, channels), Role.BIAS),
        Parameter.matrix("out_proj.weight", channels, channels, Role.WEIGHT),
        Parameter.vector("out_proj.bias", channels, Role.BIAS));
  }

  @Override
  public String name() {
    return heads == 1 ? NAME : NAME + ":" + heads;
  }
}
