// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableRows;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.table.Explanation;
import io.github.vae4j.table.RowScore;
import io.github.vae4j.table.TableScorer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/** Scores a table row by row, in bounded memory, and writes a line for each. */
final class TableScores {
  private static final List<String> NUMBERS =
      List.of("anomaly_score", "score_error", "p_value", "is_outlier");

  private static final List<String> REASON =
      List.of("", "_value", "_expected", "_low", "_high", "_nats", "_excess");

  private static final int PROGRESS_ROWS = 256;

  private final Table table;
  private final TableScorer scorer;
  private final RowEncoder encoder;
  private final BadRows badRows;
  private final int explained;
  private final DoubleConsumer progress;
  private final List<Integer> kept;

  /**
   * Prepares the scoring.
   *
   * @param table the rows
   * @param scorer of the model
   * @param encoder of the table's rows
   * @param badRows the policy for rows that cannot be read
   * @param explained the number of columns that explain a score
   * @param progress receives the share of the table that has been scored
   */
  TableScores(
      Table table,
      TableScorer scorer,
      RowEncoder encoder,
      BadRows badRows,
      int explained,
      DoubleConsumer progress) {
    this.table = table;
    this.scorer = scorer;
    this.encoder = encoder;
    this.badRows = badRows;
    this.explained = explained;
    this.progress = progress;
    this.kept = kept(table, scorer.features().schema());
  }

  /** The columns of identifiers, and the label, which the output repeats. */
  private static List<Integer> kept(Table table, Schema schema) {
    List<Integer> kept = new ArrayList<>();
    for (Column column : schema.columns()) {
      boolean names =
          column.kind().role() == Kind.Role.OUT && ((Kind.Out) column.kind()).reason().isName();
      int at = table.columns().indexOf(column.name());
      if ((names || column.kind().role() == Kind.Role.LABEL) && at >= 0) {
        kept.add(at);
      }
    }
    return kept;
  }

  /** Receives a row that was scored. */
  interface Sink {
    void row(TableRows row, RowBuffer.Note note, RowScore score) throws IOException;
  }

  /** Scores all rows; bad ones go to the policy. */
  void each(BadRows policy, Sink sink) throws IOException {
    try (TableRows rows = table.rows(policy)) {
      long count = 0;
      while (rows.next()) {
        if (++count % PROGRESS_ROWS == 0) {
          progress.accept(rows.done());
        }
        RowBuffer.Note note = encoder.encode(rows, policy);
        if (note != null) {
          sink.row(rows, note, scorer.score(encoder, note, rows.place()));
        }
      }
    }
  }

  /** The score from which the share of the highest scores begins. */
  double threshold(double share) throws IOException {
    double[][] scores = {new double[1024]};
    int[] count = {0};
    each(
        badRows.skips() ? BadRows.skip() : badRows,
        (row, note, score) -> {
          if (count[0] == scores[0].length) {
            scores[0] = Arrays.copyOf(scores[0], 2 * count[0]);
          }
          scores[0][count[0]++] = score.score();
        });
    if (count[0] == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double[] sorted = Arrays.copyOf(scores[0], count[0]);
    Arrays.sort(sorted);
    long outliers = Math.round(share * sorted.length);
    return outliers == 0 ? Double.POSITIVE_INFINITY : sorted[(int) (sorted.length - outliers)];
  }

  /**
   * Writes a line for each row.
   *
   * @param out receives a CSV file
   * @param outlier decides whether a score is one of an outlier
   * @param also receives each row too
   */
  void write(OutputStream out, Outlier outlier, Sink also) throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    CsvWriter csv = CsvWriter.builder().build(text);
    try {
      csv.writeRecord(header());
      each(
          badRows,
          (row, note, score) -> {
            also.row(row, note, score);
            csv.writeRecord(fields(row, score, outlier));
          });
      csv.flush();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    text.flush();
  }

  /** Decides whether a row is an outlier. */
  interface Outlier {
    /** null if that is not known. */
    @Nullable Boolean is(RowScore score);
  }

  private List<String> header() {
    List<String> names = new ArrayList<>(kept.stream().map(table.columns()::get).toList());
    if (kept.isEmpty()) {
      names.add("line");
    }
    names.addAll(NUMBERS);
    for (int i = 1; i <= explained; i++) {
      for (String part : REASON) {
        names.add("reason" + i + part);
      }
    }
    return names;
  }

  private List<String> fields(TableRows row, RowScore score, Outlier outlier) {
    List<String> fields = new ArrayList<>();
    for (int column : kept) {
      String own = row.get(column);
      fields.add(own == null ? "" : own);
    }
    if (kept.isEmpty()) {
      fields.add(Long.toString(row.line()));
    }
    Boolean is = outlier.is(score);
    fields.add(Double.toString(score.score()));
    fields.add(Double.isNaN(score.error()) ? "" : Double.toString(score.error()));
    fields.add(Double.isNaN(score.pValue()) ? "" : Double.toString(score.pValue()));
    fields.add(is == null ? "" : is ? "1" : "0");
    List<Explanation> reasons = reasons(row, explained);
    for (Explanation reason : reasons) {
      fields.addAll(
          List.of(
              reason.column(),
              reason.value(),
              reason.expected(),
              reason.low(),
              reason.high(),
              String.format(Locale.ROOT, "%.4f", reason.nats()),
              String.format(Locale.ROOT, "%.4f", reason.excess())));
    }
    for (int i = reasons.size(); i < explained; i++) {
      fields.addAll(Collections.nCopies(REASON.size(), ""));
    }
    return fields;
  }

  /** The columns that contribute most to the score of the row that was scored last. */
  List<Explanation> reasons(TableRows row, int most) {
    return most == 0 ? List.of() : scorer.explain(row, table.columns(), most);
  }

  /** The columns that name a row or its class, with its texts; the line if there are none. */
  String name(TableRows row) {
    List<String> parts = new ArrayList<>();
    for (int column : kept) {
      parts.add(table.columns().get(column) + " " + row.get(column));
    }
    return parts.isEmpty() ? row.place() : String.join(", ", parts);
  }
}
