// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.TableReading;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataException;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Reference;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.table.DriftMeter;
import io.github.vae4j.table.DriftReport;
import io.github.vae4j.table.TableScorer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pass of {@code vae4j drift} over a table.
 *
 * @param report receives remarks
 * @param reading of the table
 * @param ignored columns that are not compared
 */
record TableDriftRun(Report report, TableReading reading, Set<String> ignored) {
  private static final int SHOWN = 5;

  DriftReport execute(
      Vae vae, String spec, Reference reference, @Nullable Calibration calibration, double alpha) {
    TableReading.requireTable(spec);
    Features features = new Features(reading.schema());
    DriftMeter meter = meter(features, reference, calibration);
    try (Table table = Table.open(spec, reading.schema().reading().options());
        TableScorer scorer =
            calibration == null
                ? null
                : new TableScorer(
                    vae, table.name(), calibration.samples(), calibration.seed(), calibration)) {
      table.remarks().forEach(report::remark);
      RowEncoder encoder = new RowEncoder(features, table, reading.absent());
      encoder.remarks().forEach(report::remark);
      if (scorer != null) {
        new AbsentColumns(encoder.absent()).sayOfDrift(report);
      }
      read(table, encoder, scorer, meter);
      encoder.unseen().remarks(table.name()).forEach(report::remark);
      sayBad(table.name());
    }
    return meter.report(alpha);
  }

  private DriftMeter meter(
      Features features, Reference reference, @Nullable Calibration calibration) {
    try {
      return new DriftMeter(features, reference, calibration, ignored);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--ignore: " + e.getMessage(), e);
    }
  }

  private void read(
      Table table, RowEncoder encoder, @Nullable TableScorer scorer, DriftMeter meter) {
    BadRows badRows = reading.badRows();
    long count = 0;
    int waiting = 0;
    try (TableRows rows = table.rows(badRows)) {
      while (rows.next()) {
        RowBuffer.Note note = encoder.encode(rows, badRows);
        if (note == null) {
          continue;
        }
        meter.add(encoder.values());
        count++;
        if (scorer != null) {
          scorer.set(waiting++, encoder, note, rows.place());
          if (waiting == scorer.batch()) {
            score(scorer, waiting, meter);
            waiting = 0;
          }
        }
      }
    }
    if (scorer != null && waiting > 0) {
      score(scorer, waiting, meter);
    }
    if (count == 0) {
      throw new DataException(
          table.name()
              + (badRows.count() == 0
                  ? ": is empty: it has no rows"
                  : ": all of its " + badRows.count() + " rows are bad"));
    }
  }

  private static void score(TableScorer scorer, int count, DriftMeter meter) {
    scorer.score(count).forEach(score -> meter.addScore(score.score()));
  }

  private void sayBad(String table) {
    long bad = reading.badRows().count();
    if (bad > 0) {
      report.remark(table + ": leaves out " + Numbers.plural(bad, "bad row"));
      reading.badRows().entries().stream().limit(SHOWN).forEach(row -> report.remark("" + row));
    }
  }
}
