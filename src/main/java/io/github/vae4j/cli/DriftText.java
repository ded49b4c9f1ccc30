// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.TextTable;
import io.github.vae4j.table.DriftReport;
import io.github.vae4j.table.DriftReport.ColumnDrift;
import io.github.vae4j.table.DriftReport.ScoreDrift;
import io.github.vae4j.table.DriftReport.Test;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Drift as a table for people and as JSON. */
final class DriftText {
  private static final int MOST_LINES = 60;

  /** Smaller p-values are no more to people. */
  private static final double LEAST = 1e-99;

  private DriftText() {}

  /** The result for people: columns with drift first, then those with the largest index. */
  static List<String> lines(String data, DriftReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "data   %s, %s; training data: %s",
            data,
            Numbers.plural(report.rows(), "row"),
            Numbers.plural(report.trainingRows(), "row")));
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "column",
            "kind",
            "PSI",
            "test",
            "statistic",
            "p",
            "q",
            "missing",
            "unseen",
            "verdict"));
    largestFirst(report.columns()).stream()
        .limit(MOST_LINES)
        .forEach(column -> rows.add(row(column)));
    lines.addAll(TextTable.lines(rows));
    int further = report.columns().size() - MOST_LINES;
    if (further > 0) {
      lines.add("... and " + Numbers.plural(further, "further column"));
    }
    ScoreDrift score = report.score();
    if (score != null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "score  mean %s nats, of held-out rows %s; PSI %s, KS %s, p %s, q %s%s",
              Numbers.fixed(score.meanNow(), 3),
              Numbers.fixed(score.meanBefore(), 3),
              decimals(score.stability()),
              decimals(score.values().statistic()),
              small(score.values().pValue()),
              small(score.values().qValue()),
              score.drifts() ? ": drift" : ""));
    }
    long drifting = report.columns().stream().filter(ColumnDrift::drifts).count();
    lines.add(
        String.format(
            Locale.ROOT,
            "drift  in %d of %s%s, at q <= %s",
            drifting,
            Numbers.plural(report.columns().size(), "column"),
            score == null ? "" : score.drifts() ? ", and of the score" : ", not of the score",
            report.alpha()));
    return lines;
  }

  /** Columns with drift, then those with the largest index. */
  static List<ColumnDrift> largestFirst(List<ColumnDrift> columns) {
    return columns.stream()
        .sorted(
            Comparator.comparing(ColumnDrift::drifts)
                .reversed()
                .thenComparing(Comparator.comparingDouble(DriftText::size).reversed()))
        .toList();
  }

  /** The index for sorting; that of a column without values is the least. */
  static double size(ColumnDrift column) {
    return Double.isNaN(column.stability()) ? -1 : column.stability();
  }

  private static List<String> row(ColumnDrift column) {
    Test values = column.values();
    boolean made = !Double.isNaN(values.pValue());
    return List.of(
        TextTable.shortened(column.column()),
        column.kind(),
        decimals(column.stability()),
        made ? values.kind().text() : "-",
        decimals(values.statistic()),
        small(values.pValue()),
        small(values.qValue()),
        shares(column.missingBefore(), column.missingNow()),
        column.unseenRows() == 0 ? "" : Long.toString(column.unseenRows()),
        column.drifts() ? "drift: " + String.join(", ", reasons(column)) : "");
  }

  /** Two shares of missing values; empty if both are 0. */
  static String shares(double before, double now) {
    return before == 0 && now == 0 ? "" : Numbers.percent(before) + " -> " + Numbers.percent(now);
  }

  private static List<String> reasons(ColumnDrift column) {
    List<String> reasons = new ArrayList<>();
    if (column.values().drifts()) {
      reasons.add("values");
    }
    if (column.missing().drifts()) {
      reasons.add("missing");
    }
    if (column.unseen().drifts()) {
      reasons.add("unseen");
    }
    return reasons;
  }

  static String decimals(double value) {
    return Double.isNaN(value) ? "-" : Numbers.fixed(value, 3);
  }

  private static String small(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    if (value < LEAST) {
      return "< 1e-99";
    }
    return value < 1e-4
        ? String.format(Locale.ROOT, "%.1e", value)
        : String.format(Locale.ROOT, "%.4f", value);
  }

  static JsonLine json(String data, DriftReport report) {
    JsonLine json =
        new JsonLine()
            .put("data", data)
            .put("rows", report.rows())
            .put("training_rows", report.trainingRows())
            .put("alpha", report.alpha())
            .put("drift", report.drifts())
            .putAll("columns", report.columns().stream().map(DriftText::json).toList());
    ScoreDrift score = report.score();
    if (score != null) {
      json.put(
          "score",
          put(new JsonLine().put("psi", score.stability()).put("test", "KS"), "", score.values())
              .put("mean_before", score.meanBefore())
              .put("mean_now", score.meanNow())
              .put("drift", score.drifts()));
    }
    return json;
  }

  private static JsonLine json(ColumnDrift column) {
    JsonLine json =
        new JsonLine()
            .put("column", column.column())
            .put("kind", column.kind())
            .put("psi", column.stability())
            .put("test", column.values().kind().text());
    put(json, "", column.values());
    json.put("missing_before", column.missingBefore()).put("missing_now", column.missingNow());
    put(json, "missing_", column.missing());
    json.put("unseen", column.unseenRows());
    put(json, "unseen_", column.unseen());
    return json.put("drift", column.drifts()).put("reasons", reasons(column));
  }

  private static JsonLine put(JsonLine json, String prefix, Test test) {
    return json.put(prefix + "statistic", test.statistic())
        .put(prefix + "p_value", test.pValue())
        .put(prefix + "q_value", test.qValue());
  }
}
