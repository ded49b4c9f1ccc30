// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import java.util.List;

/**
 * A score with its reasons.
 *
 * @param score the score
 * @param reasons the columns that raise it most, the greatest first
 */
public record ScoredRow(RowScore score, List<Explanation> reasons) {
  /** Copies the list. {@inheritDoc} */
  public ScoredRow {
    reasons = List.copyOf(reasons);
  }
}
