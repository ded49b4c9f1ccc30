// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.cli.run.TableReading;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Schema;
import picocli.CommandLine.Option;

/** The options of rows and texts of a table that do not fit its schema. */
public final class BadRowOptions {
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

  @Option(
      names = "--strict",
      description =
          "Refuse a table with a text that is no level of its column (default: it is the level"
              + " \"other\", which is improbable).")
  private boolean strict;

  private final BadRows skipped = BadRows.skip();

  /**
   * The policy for bad rows.
   *
   * @return one policy for all tables of the command
   */
  public BadRows policy() {
    return badRows == Treatment.SKIP ? skipped : BadRows.fail();
  }

  /**
   * The reading of tables.
   *
   * @param schema the columns
   * @param absent the treatment of columns that a table does not have
   * @return the reading
   */
  public TableReading reading(Schema schema, Absent absent) {
    return new TableReading(schema, absent, policy(), strict);
  }
}
