// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.schema.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/**
 * Scores rows of a program. Several threads may use it at once: each call takes a copy of the
 * model, which is made when all others are in use, and gives it back. A copy computes on the thread
 * of the call.
 *
 * <p>A row has values by the names of the training data's columns:
 *
 * <ul>
 *   <li>a {@link String}, as the table had it; one of the texts for missing values, such as {@code
 *       NA}, is a missing value
 *   <li>a {@link Number}, also for a table with a decimal comma; {@code NaN} is a missing value, an
 *       infinite number is refused
 *   <li>a {@link Boolean}, as the text {@code true} or {@code false}
 *   <li>a {@link java.time.LocalDate} for a column of ISO 8601 dates, a {@link
 *       java.time.LocalDateTime} for one of dates and times, an {@link java.time.Instant} or {@link
 *       java.time.OffsetDateTime} for one with offsets; for other formats the text or, since 1970,
 *       the number
 *   <li>any other object, such as an enum's constant, by its {@code toString}
 *   <li>null or no entry, for a missing value
 * </ul>
 *
 * <p>Columns that the model left out, such as an identifier or the label, may be in a row and have
 * no effect. A name that the training data did not have is refused, and so is a row with no column
 * of the model. A row of fewer columns than held-out rows has a p-value that is mostly too high,
 * see {@link RowScore#pValue}.
 */
public final class Scorer implements AutoCloseable {
  /** The name of the rows in the messages of a model that cannot score one of them. */
  static final String NAME = "this call";

  private final Supplier<Copy> maker;
  private final ConcurrentLinkedDeque<Copy> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /** A copy of the model, for one thread at a time. */
  static final class Copy implements AutoCloseable {
    private final TableScorer scorer;
    private final AutoCloseable model;
    private final RowEncoder encoder;
    private final Cells cells;
    private final RowKeys keys;

    Copy(TableScorer scorer, AutoCloseable model) {
      this.scorer = scorer;
      this.model = model;
      Schema schema = scorer.features().schema();
      this.keys = new RowKeys(schema);
      List<String> columns =
          schema.columns().stream()
              .filter(column -> Schema.isUsed(column.kind()))
              .map(Column::name)
              .toList();
      this.cells = new Cells(columns);
      this.encoder = RowEncoder.ofProgram(scorer.features(), columns);
    }

    ScoredRow score(Map<String, ?> row, int explained) {
      set(0, row, -1);
      RowScore score = scorer.score(1).get(0);
      return new ScoredRow(
          score, explained == 0 ? List.of() : scorer.explain(0, cells::get, explained));
    }

    List<RowScore> score(Collection<? extends Map<String, ?>> rows) {
      List<RowScore> scores = new ArrayList<>(rows.size());
      int count = 0;
      int number = 0;
      for (Map<String, ?> row : rows) {
        set(count++, Objects.requireNonNull(row, "row " + number), number++);
        if (count == scorer.batch()) {
          scores.addAll(scorer.score(count));
          count = 0;
        }
      }
      if (count > 0) {
        scores.addAll(scorer.score(count));
      }
      return scores;
    }

    private void set(int place, Map<String, ?> row, int number) {
      cells.set(row, number);
      keys.check(row, cells.place());
      RowBuffer.Note note = encoder.encode(cells);
      scorer.set(place, encoder, note, number < 0 ? "the row" : cells.place());
    }

    @Override
    public void close() {
      try (AutoCloseable own = model) {
        scorer.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  Scorer(Supplier<Copy> maker) {
    this.maker = maker;
    // The first copy shows at once whether the model can be used.
    idle.push(maker.get());
  }

  /**
   * Scores a row.
   *
   * @param row values by the names of columns, as described above
   * @return the score, without reasons
   * @throws io.github.vae4j.data.DataException if a value is none of its column's kind, a name is
   *     no column of the training data, or no name is a column of the model
   */
  public RowScore score(Map<String, ?> row) {
    return explain(row, 0).score();
  }

  /**
   * Scores a row and explains its score.
   *
   * @param row values by the names of columns, as described above
   * @param reasons the number of columns to explain, 0 or more
   * @return the score, and the columns that raise it most
   * @throws io.github.vae4j.data.DataException if a value is none of its column's kind, a name is
   *     no column of the training data, or no name is a column of the model
   */
  public ScoredRow explain(Map<String, ?> row, int reasons) {
    Objects.requireNonNull(row, "row");
    if (reasons < 0) {
      throw new IllegalArgumentException("reasons: expected 0 or more, given " + reasons);
    }
    Copy copy = take();
    try {
      return copy.score(row, reasons);
    } finally {
      give(copy);
    }
  }

  /**
   * Scores rows.
   *
   * @param rows values by the names of columns, as described above
   * @return a score for each
   * @throws io.github.vae4j.data.DataException if a row is refused as one alone would be; it names
   *     the row by its number in the collection, from 0
   */
  public List<RowScore> score(Collection<? extends Map<String, ?>> rows) {
    Objects.requireNonNull(rows, "rows");
    Copy copy = take();
    try {
      return copy.score(rows);
    } finally {
      give(copy);
    }
  }

  private Copy take() {
    if (closed) {
      throw new IllegalStateException("the scorer was closed");
    }
    Copy copy = idle.poll();
    return copy == null ? maker.get() : copy;
  }

  private void give(Copy copy) {
    idle.push(copy);
    if (closed) {
      free();
    }
  }

  private void free() {
    for (Copy copy = idle.poll(); copy != null; copy = idle.poll()) {
      copy.close();
    }
  }

  /** Frees the copies; one that is in use is freed when its call ends. */
  @Override
  public void close() {
    closed = true;
    free();
  }
}
