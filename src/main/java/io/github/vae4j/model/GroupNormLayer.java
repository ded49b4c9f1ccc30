// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import io.github.vae4j.model.Parameter.Role;
import java.util.List;

/**
 * Group normalisation (Wu and He 2018): each row's channels in groups, each by its own moments over
 * all pixels.
 *
 * @param groups of adjacent channels
 * @param epsilon added to the variance
 */
public record GroupNormLayer(int groups, float epsilon) implements Layer {
  static final String NAME = "group-norm";

  /**
   * PyTorch's setting.
   *
   * @param groups of adjacent channels
   */
  public GroupNormLayer(int groups) {
    this(groups, 1e-5f);
  }

  /** Checks ranges. {@inheritDoc} */
  public GroupNormLayer {
    if (groups < 1) {
      throw new IllegalArgumentException(NAME + ": groups: expected 1 or more, given " + groups);
    }
    LayerText.checkEpsilon(NAME, epsilon);
  }

  @Override
  public Shape output(Shape input) {
    if (input.channels() % groups != 0) {
      throw new IllegalArgumentException(
          NAME
              + ": groups: expected a divisor of the "
              + input.channels()
              + " channels, given "
              + groups);
    }
    if (input.size() / groups < 2) {
      throw new IllegalArgumentException(
          NAME
              + ": expected groups of 2 values or more, as groups of 1 value all become equal, given "
              + input);
    }
    return input;
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    return List.of(
        Parameter.vector("weight", input.channels(), Role.SCALE),
        Parameter.vector("bias", input.channels(), Role.SHIFT));
  }

  @Override
  public String name() {
    return NAME + ":" + groups;
  }
}
