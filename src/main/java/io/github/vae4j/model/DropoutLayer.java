// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import java.util.List;
import java.util.Locale;

/**
 * Dropout (Srivastava et al. 2014): in training, values are set to 0 at random.
 *
 * @param rate the probability of 0
 */
public record DropoutLayer(float rate) implements Layer {
  static final String NAME = "dropout";

  /** Checks the range. {@inheritDoc} */
  public DropoutLayer {
    if (!(rate >= 0) || rate >= 1) {
      throw new IllegalArgumentException(
          "dropout: expected a rate of 0 or more and below 1, given " + rate);
    }
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public List<Parameter> parameters(Shape input) {
    return List.of();
  }

  @Override
  public String name() {
    return String.format(Locale.ROOT, "%s:%s", NAME, rate);
  }
}
