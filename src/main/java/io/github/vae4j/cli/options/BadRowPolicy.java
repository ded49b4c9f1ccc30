// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.data.BadRows;
import picocli.CommandLine.Option;

/** The option of rows of a table that cannot be read. */
public final class BadRowPolicy {
  /** The treatments of bad rows. */
  enum Treatment {
    SKIP,
    FAIL
  }

  @Option(
      names = "--bad-rows",
      paramLabel = "HOW",
      description =
          "A row of a table that cannot be read: skip (it is left out, and a remark counts such"
              + " rows) or fail (default fail).")
  private Treatment badRows = Treatment.FAIL;

  private final BadRows skipped = BadRows.skip();

  /**
   * The policy for bad rows.
   *
   * @return one policy for all tables of the command
   */
  public BadRows policy() {
    return badRows == Treatment.SKIP ? skipped : BadRows.fail();
  }
}
