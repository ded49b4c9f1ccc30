// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.metrics.Quantiles;
import io.github.vae4j.table.Explanation;
import io.github.vae4j.table.RowScore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/** The summary of a table's scores: their quantiles, outliers, and the rows with the highest. */
final class ScoreSummary implements TableScores.Sink {
  private static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.99, 1.0);

  private final int shown;
  private final int explained;
  private final TableScores.Outlier outlier;
  private final PriorityQueue<Top> highest =
      new PriorityQueue<>(Comparator.comparingDouble((Top top) -> top.score.score()));
  private final ScoreList all = new ScoreList();
  private int outliers;

  /** A row with a high score. */
  private record Top(String name, RowScore score, List<Explanation> reasons) {}

  /**
   * A summary without rows.
   *
   * @param shown the number of rows to keep
   * @param explained the number of columns that explain each of them
   * @param outlier decides whether a row is one
   */
  ScoreSummary(int shown, int explained, TableScores.Outlier outlier) {
    this.shown = shown;
    this.explained = explained;
    this.outlier = outlier;
  }

  @Override
  public void row(TableScores.Scored row) {
    RowScore score = row.score();
    all.add(score.score());
    outliers += Boolean.TRUE.equals(outlier.is(score)) ? 1 : 0;
    Top least = highest.peek();
    if (highest.size() < shown || (least != null && score.score() > least.score.score())) {
      highest.add(new Top(row.name(), score, row.reasons(explained)));
      if (highest.size() > shown) {
        highest.remove();
      }
    }
  }

  private List<Top> highestFirst() {
    List<Top> rows = new ArrayList<>(highest);
    rows.sort(Comparator.comparingDouble((Top top) -> -top.score.score()));
    return rows;
  }

  void print(Report report, String table, String threshold) {
    double[] sorted = all.sorted();
    report.line(
        String.format(Locale.ROOT, "data      %s, %s", table, Numbers.plural(all.count(), "row")));
    if (all.count() == 0) {
      report.remark(table + ": has no rows to score");
      return;
    }
    report.line("anomaly score, nats:");
    for (double part : QUANTILES) {
      String name = Math.round(100 * part) + "%";
      report.line(
          String.format(
              Locale.ROOT, "%9s %s", name, Numbers.fixed(Quantiles.nearest(sorted, part), 3)));
    }
    if (!threshold.isEmpty()) {
      report.line("outliers  " + Numbers.plural(outliers, "row") + " " + threshold);
    }
    List<Top> rows = highestFirst();
    if (!rows.isEmpty()) {
      report.line(
          "highest   score, p-value, row"
              + (explained == 0 ? "" : ", and the columns that raise it most"));
    }
    for (Top top : rows) {
      report.line(
          String.format(
              Locale.ROOT,
              "%9s %s%s",
              Numbers.fixed(top.score.score(), 3),
              Double.isNaN(top.score.pValue())
                  ? ""
                  : String.format(Locale.ROOT, "p %.4f  ", top.score.pValue()),
              top.name));
      top.reasons.forEach(reason -> report.line("            " + text(reason)));
    }
  }

  private static String text(Explanation reason) {
    String expected =
        reason.low().isEmpty()
            ? reason.expected() + " (" + reason.high() + ")"
            : reason.expected() + " (" + reason.low() + " to " + reason.high() + ")";
    return String.format(
        Locale.ROOT,
        "%s %s: %s nats above its mean, expected %s",
        reason.column(),
        reason.value().isEmpty() ? "missing" : reason.value(),
        Numbers.fixed(reason.excess(), 2),
        expected);
  }

  JsonLine json(String table, int samples) {
    double[] sorted = all.sorted();
    JsonLine quantiles = new JsonLine();
    for (double part : QUANTILES) {
      quantiles.put(Math.round(100 * part) + "%", Quantiles.nearest(sorted, part));
    }
    return new JsonLine()
        .put("data", table)
        .put("rows", all.count())
        .put("samples", samples)
        .put("quantiles", quantiles)
        .put("outliers", outliers)
        .putAll("highest", highestFirst().stream().map(ScoreSummary::json).toList());
  }

  private static JsonLine json(Top top) {
    return new JsonLine()
        .put("row", top.name)
        .put("anomaly_score", top.score.score())
        .put("p_value", top.score.pValue())
        .putAll(
            "reasons",
            top.reasons.stream()
                .map(
                    reason ->
                        new JsonLine()
                            .put("column", reason.column())
                            .put("value", reason.value())
                            .put("expected", reason.expected())
                            .put("low", reason.low())
                            .put("high", reason.high())
                            .put("nats", reason.nats())
                            .put("excess", reason.excess()))
                .toList());
  }
}
