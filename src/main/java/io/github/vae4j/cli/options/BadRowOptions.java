// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.cli.run.TableReading;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Schema;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of rows and texts of a table that do not fit its schema. */
public final class BadRowOptions {
  @Mixin private BadRowPolicy rows = new BadRowPolicy();

  @Option(
      names = "--strict",
      description =
          "Refuse a table with a text that is no level of its column (default: it is the level"
              + " \"unseen\", which is improbable).")
  private boolean strict;

  /**
   * The policy for bad rows.
   *
   * @return one policy for all tables of the command
   */
  public BadRows policy() {
    return rows.policy();
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
