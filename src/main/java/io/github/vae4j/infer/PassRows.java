// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;

/** The rows of a pass of evaluation: fewer where the layers of a net are large. */
final class PassRows {
  /** The most elements of a layer's output: 64 MiB. */
  private static final int MOST_ELEMENTS = 1 << 24;

  private PassRows() {}

  /** At most a number of rows, and at least 1; a function of the model alone. */
  static int of(VaeSpec spec, int most) {
    int largest =
        new ParameterLayout(spec)
            .nets().stream()
                .flatMap(net -> net.layers().stream())
                .mapToInt(placed -> placed.output().size())
                .max()
                .orElse(1);
    return Math.max(1, Math.min(most, MOST_ELEMENTS / largest));
  }
}
