// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import org.jspecify.annotations.Nullable;

/**
 * The rows of a graph's input.
 *
 * @param x FLOAT (B, D) in the order of vae4j, 0 where a value is missing
 * @param present BOOL (B, D), false where a value is missing; null if none can be
 * @param slopes log density of the model's values less that of the input's, DOUBLE (B); null for 0
 */
record RowGraph(Value x, @Nullable Value present, @Nullable Value slopes) {
  /** Values none of which may be missing; null if they may. */
  @Nullable Value whole() {
    return present == null ? x : null;
  }

  /** Values of which NaN is a missing one. */
  static RowGraph ofMissing(Value x, @Nullable Value slopes) {
    Value missing = x.isNan();
    return new RowGraph(missing.choose(x.number(0), x), missing.not(), slopes);
  }
}
