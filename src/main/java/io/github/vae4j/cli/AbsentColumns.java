// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.cli.run.Report;
import io.github.vae4j.data.Excerpt;
import java.util.List;

/**
 * Remarks on columns of the model that a table does not have. A score is then that of fewer
 * columns, and its rank among the scores of complete rows says little.
 *
 * @param names of the columns
 */
record AbsentColumns(List<String> names) {
  /**
   * Says what p-values are worth; nothing if no column is absent.
   *
   * @param report of the command
   * @param remedy what to use instead
   */
  void sayOfPValues(Report report, String remedy) {
    if (!names.isEmpty()) {
      report.remark(
          "p-values compare with complete rows, and this table has no column "
              + Excerpt.quoted(names)
              + ": they are mostly too high; "
              + remedy);
    }
  }

  /**
   * Says what a drift of the score is worth; nothing if no column is absent.
   *
   * @param report of the command
   */
  void sayOfDrift(Report report) {
    if (!names.isEmpty()) {
      report.remark(
          "the score is compared with that of complete rows, and this table has no column "
              + Excerpt.quoted(names)
              + ": its drift may be due to that alone; --no-score leaves it out");
    }
  }
}
