// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.Table;
import io.github.vae4j.schema.EncodedTable;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.Unseen;
import io.github.vae4j.tensor.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The reading of tables by the schema of a model.
 *
 * @param schema the columns
 * @param absent the treatment of columns that a table does not have
 * @param badRows the policy for rows that cannot be read
 * @param strict whether a text that is no level of its column is refused
 * @param progress makes the line that shows the progress, by its text; null for none
 */
public record TableReading(
    Schema schema,
    Absent absent,
    BadRows badRows,
    boolean strict,
    @Nullable Function<String, ReadProgress> progress) {
  private static final int SHOWN = 10;

  /**
   * A reading without a line of its progress.
   *
   * @param schema the columns
   * @param absent the treatment of columns that a table does not have
   * @param badRows the policy for rows that cannot be read
   * @param strict whether a text that is no level of its column is refused
   */
  public TableReading(Schema schema, Absent absent, BadRows badRows, boolean strict) {
    this(schema, absent, badRows, strict, null);
  }

  /**
   * A copy that shows its progress.
   *
   * @param report of the command
   * @return the reading
   */
  public TableReading showing(Report report) {
    return new TableReading(schema, absent, badRows, strict, text -> ReadProgress.of(report, text));
  }

  /**
   * Reads whole tables: a column that is not there, or a bad row, is refused.
   *
   * @param schema the columns
   * @return the reading
   */
  public static TableReading of(Schema schema) {
    return new TableReading(schema, Absent.REFUSE, BadRows.fail(), false);
  }

  /**
   * Reads a table.
   *
   * @param spec of the table
   * @param arena closes the opened data set
   * @return its rows as features
   * @throws DataException if it does not fit the schema
   */
  public DataSet open(String spec, Arena arena) {
    requireTable(spec);
    try (Table table = Table.open(spec, schema.reading().options());
        ReadProgress line = progress == null ? null : progress.apply("vae4j: reading " + spec)) {
      EncodedTable rows =
          EncodedTable.read(
              new Features(schema), table, absent, badRows, line == null ? share -> {} : line);
      DataSet set = arena.own(rows.set());
      if (strict) {
        refuse(spec, rows.unseen());
      }
      return set;
    }
  }

  /**
   * Refuses data that are no table.
   *
   * @param spec of the data
   * @throws DataException if they have another form
   */
  public static void requireTable(String spec) {
    if (!Table.isTable(spec)) {
      throw new DataException(
          spec + ": the model is one of tables: give a table, as FILE.csv, with its columns");
    }
  }

  /**
   * The end of a pass over a table.
   *
   * @param encoder of its rows
   * @param table its name
   * @return remarks on texts that are no levels, and on rows that were left out
   * @throws DataException if a text is no level and refused
   */
  public List<String> finish(RowEncoder encoder, String table) {
    if (strict) {
      refuse(table, encoder.unseen());
    }
    List<String> remarks = new ArrayList<>(encoder.unseen().remarks(table));
    long bad = badRows.count();
    if (bad > 0) {
      remarks.add(table + ": leaves out " + bad + (bad == 1 ? " bad row" : " bad rows"));
      badRows.entries().stream().limit(SHOWN).map(Object::toString).forEach(remarks::add);
    }
    return remarks;
  }

  /**
   * Refuses texts that are no levels of their columns.
   *
   * @param spec of the table
   * @param unseen the texts
   * @throws DataException if there is one
   */
  public static void refuse(String spec, Unseen unseen) {
    for (Map.Entry<String, Unseen.Entry> found : unseen.entries().entrySet()) {
      Unseen.Entry entry = found.getValue();
      throw new DataException(
          spec
              + ": "
              + entry.place()
              + ", column \""
              + found.getKey()
              + "\": \""
              + entry.text()
              + "\" is no level of the schema, and --strict refuses it");
    }
  }
}
