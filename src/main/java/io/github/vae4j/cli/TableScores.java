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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Scores a table pass by pass, in bounded memory, and writes a line for each row. */
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

  /** The columns whose texts the output may repeat: {@link #kept}, and those of the model. */
  private final List<Integer> repeated;

  /** The place of each column's text among those of {@link #repeated}. */
  private final Map<String, Integer> textAt = new HashMap<>();

  /**
   * Prepares the scoring.
   *
   * @param table the rows
   * @param scorer of the model
   * @param encoder of the table's rows
   * @param badRows the policy for rows that cannot be read
   * @param explained the number of columns that explain a score, of those that the model has
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
    this.explained = Math.min(explained, scorer.features().schema().modelled().size());
    this.progress = progress;
    Map<String, Integer> places = Table.places(table.columns());
    Schema schema = scorer.features().schema();
    this.kept = places(schema.columns().stream().filter(TableScores::isKept), places);
    this.repeated = new ArrayList<>(kept);
    repeated.addAll(places(schema.modelled().stream(), places));
    for (int column : repeated) {
      textAt.put(table.columns().get(column), textAt.size());
    }
  }

  private static List<Integer> places(Stream<Column> columns, Map<String, Integer> places) {
    return columns.map(Column::name).filter(places::containsKey).map(places::get).toList();
  }

  /** Whether the output repeats a column: one of identifiers, or the label. */
  private static boolean isKept(Column column) {
    Kind kind = column.kind();
    return kind.role() == Kind.Role.LABEL
        || (kind.role() == Kind.Role.OUT && ((Kind.Out) kind).reason().isName());
  }

  /** A row of a pass, with its texts of the columns that the output may repeat. */
  private record Waiting(long line, String place, List<@Nullable String> texts) {}

  /** A row that was scored, while its pass is the last one. */
  final class Scored {
    private final int number;
    private final Waiting row;
    private final RowScore score;

    private Scored(int number, Waiting row, RowScore score) {
      this.number = number;
      this.row = row;
      this.score = score;
    }

    RowScore score() {
      return score;
    }

    /** The columns that contribute most to the score. */
    List<Explanation> reasons(int most) {
      return most == 0 ? List.of() : scorer.explain(number, this::text, most);
    }

    /** The columns that name the row or its class, with its texts; the line if there are none. */
    String name() {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < kept.size(); i++) {
        parts.add(table.columns().get(kept.get(i)) + " " + row.texts.get(i));
      }
      return parts.isEmpty() ? row.place : String.join(", ", parts);
    }

    private @Nullable String text(String column) {
      Integer at = textAt.get(column);
      return at == null ? null : row.texts.get(at);
    }
  }

  /** Receives a row that was scored. */
  interface Sink {
    void row(Scored row) throws IOException;
  }

  /** Scores all rows; bad ones go to the policy. */
  void each(BadRows policy, Sink sink) throws IOException {
    List<Waiting> pass = new ArrayList<>();
    try (TableRows rows = table.rows(policy)) {
      long count = 0;
      while (rows.next()) {
        if (++count % PROGRESS_ROWS == 0) {
          progress.accept(rows.done());
        }
        RowBuffer.Note note = encoder.encode(rows, policy);
        if (note != null) {
          scorer.set(pass.size(), encoder, note, rows.place());
          pass.add(waiting(rows));
          if (pass.size() == scorer.batch()) {
            score(pass, sink);
          }
        }
      }
    }
    if (!pass.isEmpty()) {
      score(pass, sink);
    }
  }

  private Waiting waiting(TableRows row) {
    List<@Nullable String> texts = new ArrayList<>(repeated.size());
    for (int column : repeated) {
      texts.add(row.get(column));
    }
    return new Waiting(row.line(), row.place(), texts);
  }

  private void score(List<Waiting> pass, Sink sink) throws IOException {
    List<RowScore> scores = scorer.score(pass.size());
    for (int i = 0; i < scores.size(); i++) {
      sink.row(new Scored(i, pass.get(i), scores.get(i)));
    }
    pass.clear();
  }

  /** The score from which the share of the highest scores begins. */
  double threshold(double share) throws IOException {
    ScoreList scores = new ScoreList();
    each(badRows.skips() ? BadRows.skip() : badRows, row -> scores.add(row.score.score()));
    double[] sorted = scores.sorted();
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
          row -> {
            also.row(row);
            csv.writeRecord(fields(row, outlier));
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

  /** A column of the data that has the name of a score is named as one of the data. */
  private List<String> header() {
    List<String> own = new ArrayList<>(NUMBERS);
    for (int i = 1; i <= explained; i++) {
      for (String part : REASON) {
        own.add("reason" + i + part);
      }
    }
    Set<String> taken = new HashSet<>(own);
    List<String> names = new ArrayList<>();
    for (int column : kept) {
      String name = table.columns().get(column);
      while (!taken.add(name)) {
        name = "data." + name;
      }
      names.add(name);
    }
    if (kept.isEmpty()) {
      names.add("line");
    }
    names.addAll(own);
    return names;
  }

  private List<String> fields(Scored scored, Outlier outlier) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      String own = scored.row.texts.get(i);
      fields.add(own == null ? "" : own);
    }
    if (kept.isEmpty()) {
      fields.add(Long.toString(scored.row.line));
    }
    RowScore score = scored.score;
    Boolean is = outlier.is(score);
    fields.add(Double.toString(score.score()));
    fields.add(Double.isNaN(score.error()) ? "" : Double.toString(score.error()));
    fields.add(Double.isNaN(score.pValue()) ? "" : Double.toString(score.pValue()));
    fields.add(is == null ? "" : is ? "1" : "0");
    List<Explanation> reasons = scored.reasons(explained);
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
}
