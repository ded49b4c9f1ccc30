// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.OpCase;
import java.util.function.Predicate;

/** The cases of the op table that run again in other precisions than fp32. */
final class OtherPrecision {
  /**
   * Matrix products and convolutions, which alone depend on the precision, and the smaller cases of
   * all other ops, whose larger ones are most of the table's time.
   */
  static final Predicate<OpCase> CASES =
      opCase ->
          opCase.name().startsWith("dense")
              || opCase.name().startsWith("conv")
              || opCase.work() < 1_000_000;

  private OtherPrecision() {}
}
