// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.schema;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table as a data set.
 *
 * @param set the features; values may be missing
 * @param unseen the texts that are no levels of their columns
 */
public record EncodedTable(DataSet set, Unseen unseen) {
  private static final int PROGRESS_ROWS = 1 << 14;

  /**
   * Reads all rows.
   *
   * @param features of the schema
   * @param table the rows
   * @param absent the treatment of columns that the table does not have
   * @param badRows the policy for rows that cannot be read
   * @param progress receives the share of the table that has been read, from time to time
   * @return the rows; the caller closes the set
   * @throws DataException if a column is not there, a row is bad and refused, or no row is left
   */
  public static EncodedTable read(
      Features features,
      Table table,
      RowEncoder.Absent absent,
      BadRows badRows,
      DoubleConsumer progress) {
    RowEncoder encoder = new RowEncoder(features, table, absent);
    long resident = OpenOptions.defaults().residentBytes();
    List<String> remarks = new ArrayList<>(table.remarks());
    remarks.addAll(encoder.remarks());
    List<String> givenNames = Features.names(features.given());
    try (RowBuffer rows =
            new RowBuffer(table.name(), Features.names(features.modelled()), resident);
        RowBuffer given =
            givenNames.isEmpty() ? null : new RowBuffer(table.name(), givenNames, resident);
        TableRows pass = table.rows(badRows)) {
      long bad = badRows.count();
      long seen = 0;
      while (pass.next()) {
        RowBuffer.Note note = encoder.encode(pass, badRows);
        if (note != null) {
          rows.add(encoder.values(), note);
          if (given != null) {
            given.add(encoder.given(), note);
          }
        }
        if (++seen % PROGRESS_ROWS == 0) {
          progress.accept(pass.done());
        }
      }
      if (rows.count() == 0) {
        throw new DataException(
            table.name()
                + (seen == 0
                    ? ": is empty: it has no rows"
                    : ": all of its " + seen + " rows are bad"));
      }
      remarkBad(table.name(), badRows, bad, remarks);
      remarks.addAll(encoder.unseen().remarks(table.name()));
      @Nullable DataSet conditions =
          given == null ? null : given.build(false, null, false, null, List.of());
      return new EncodedTable(
          rows.build(
              /* missing= */ true,
              encoder.classNames(features.schema()),
              encoder.weighted(),
              conditions,
              remarks),
          encoder.unseen());
    }
  }

  private static void remarkBad(String table, BadRows badRows, long before, List<String> remarks) {
    long count = badRows.count() - before;
    if (count > 0) {
      List<BadRows.Entry> entries = badRows.entries();
      String first =
          before < entries.size()
              ? ", the first in "
                  + entries.get((int) before).place()
                  + ": "
                  + entries.get((int) before).reason()
              : "";
      remarks.add(
          table + ": leaves out " + count + (count == 1 ? " bad row" : " bad rows") + first);
    }
  }
}
