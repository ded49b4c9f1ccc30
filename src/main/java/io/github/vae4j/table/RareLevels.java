// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.schema.Kind;

/**
 * The levels of rare and of unseen texts, which count as one where two samples are compared: where
 * the training data had rare texts, other rare ones are to be expected.
 */
final class RareLevels {
  private RareLevels() {}

  /** Whether a column has both a level of rare texts and one of unseen texts. */
  static boolean areTwo(Kind kind) {
    return kind.hasOther() && !kind.open();
  }

  /**
   * The counts with rare and unseen texts together.
   *
   * @param kind of the column
   * @param levels the number of rows in each level
   * @return a copy, in which the last level has no rows if the column has both levels
   */
  static long[] joined(Kind kind, long[] levels) {
    long[] joined = levels.clone();
    if (areTwo(kind)) {
      int last = joined.length - 1;
      joined[last - 1] += joined[last];
      joined[last] = 0;
    }
    return joined;
  }
}
