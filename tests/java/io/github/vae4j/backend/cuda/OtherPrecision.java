// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cuda;

import io.github.vae4j.backend.OpCase;
import java.util.function.Predicate;

/** The cases of the op table that run again in other precisions than fp32. */
final class OtherPrecision {
  /**
   * All but the widest losses: only matrix products depend on the precision, and those losses are
   * most of the table's time.
   */
  static final Predicate<OpCase> CASES =
      opCase -> !opCase.name().startsWith("likelihood ") || opCase.work() < 1_000_000;

  private OtherPrecision() {}
}
