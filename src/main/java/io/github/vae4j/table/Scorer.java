// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.RowBuffer;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.schema.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/**
 * Scores rows of a program. Several threads may use it at once: each call takes a copy of the
 * model, which is made when all others are in use, and gives it back. A copy computes on the thread
 * of the call. Values are numbers, texts, booleans or dates, as the table had them; null or no
 * entry stands for a missing value, and entries that are no columns of the model are ignored.
 */
public final class Scorer implements AutoCloseable {
  private static final String NAME = "row";

  private final Supplier<Copy> maker;
  private final ConcurrentLinkedDeque<Copy> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /** A copy of the model, for one thread at a time. */
  static final class Copy implements AutoCloseable {
    private final TableScorer scorer;
    private final AutoCloseable model;
    private final RowEncoder encoder;
    private final Cells cells;

    Copy(TableScorer scorer, AutoCloseable model) {
      this.scorer = scorer;
      this.model = model;
      List<String> columns =
          scorer.features().schema().columns().stream()
              .filter(column -> Schema.isUsed(column.kind()))
              .map(Column::name)
              .toList();
      this.cells = new Cells(columns);
      this.encoder = new RowEncoder(scorer.features(), NAME, columns, RowEncoder.Absent.REFUSE);
    }

    ScoredRow score(Map<String, ?> row, int explained) {
      set(0, row);
      RowScore score = scorer.score(1).get(0);
      return new ScoredRow(
          score, explained == 0 ? List.of() : scorer.explain(0, cells::get, explained));
    }

    List<RowScore> score(Collection<? extends Map<String, ?>> rows) {
      List<RowScore> scores = new ArrayList<>(rows.size());
      int count = 0;
      for (Map<String, ?> row : rows) {
        set(count++, row);
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

    private void set(int place, Map<String, ?> row) {
      cells.set(row);
      RowBuffer.Note note = encoder.encode(cells, BadRows.fail());
      if (note == null) {
        throw new IllegalStateException("a bad row was not refused");
      }
      scorer.set(place, encoder, note, cells.place());
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
   * @param row values by the names of columns
   * @return the score, without reasons
   * @throws io.github.vae4j.data.DataException if a value is none of its column's kind
   */
  public RowScore score(Map<String, ?> row) {
    return explain(row, 0).score();
  }

  /**
   * Scores a row and explains its score.
   *
   * @param row values by the names of columns
   * @param reasons the number of columns to explain, 0 or more
   * @return the score, and the columns that raise it most
   * @throws io.github.vae4j.data.DataException if a value is none of its column's kind
   */
  public ScoredRow explain(Map<String, ?> row, int reasons) {
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
   * @param rows values by the names of columns
   * @return a score for each
   * @throws io.github.vae4j.data.DataException if a value is none of its column's kind
   */
  public List<RowScore> score(Collection<? extends Map<String, ?>> rows) {
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
