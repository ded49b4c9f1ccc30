// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.TextTable;
import io.github.vae4j.metrics.TwoSampleClassifier;
import io.github.vae4j.table.PairDifferences;
import io.github.vae4j.table.PairDifferences.Pair;
import io.github.vae4j.table.SyntheticCheck;
import io.github.vae4j.table.SyntheticCheck.Copies;
import io.github.vae4j.table.SyntheticCheck.Marginal;
import io.github.vae4j.table.SyntheticCheck.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The comparison of synthetic rows with real ones, for people and as JSON. */
final class SyntheticText {
  private static final int MOST_LINES = 10;

  private SyntheticText() {}

  /**
   * The result for people: the columns with the largest distances, then a line for each measure.
   */
  static List<String> lines(String synthetic, SyntheticCheck check) {
    List<String> lines = new ArrayList<>();
    Rows training = check.training();
    lines.add(
        "synthetic        "
            + synthetic
            + ", "
            + rows(check.synthetic(), "row")
            + ", beside "
            + rows(check.real(), (check.heldOut() ? "held-out" : "training") + " row")
            + (training == null || !check.heldOut()
                ? ""
                : " and " + rows(training, "training row")));
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("column", "kind", "measure", "distance", "of training rows", "missing"));
    largestFirst(check.columns()).stream().limit(MOST_LINES).forEach(own -> table.add(row(own)));
    lines.addAll(TextTable.lines(table));
    int further = check.columns().size() - MOST_LINES;
    if (further > 0) {
      lines.add("... and " + Numbers.plural(further, "column") + " with smaller distances");
    }
    lines.add(
        "columns          mean distance "
            + DriftText.decimals(check.meanDistance())
            + ofTraining(check.meanOfTraining()));
    lines.addAll(pairs(check.pairs()));
    Copies copies = check.copies();
    if (copies != null) {
      lines.add(
          "copies           "
              + percent(copies.share())
              + " of the rows equal a training row"
              + beside(copies.ofHeldOut(), percent(copies.ofHeldOut())));
      lines.add(
          "closest          median distance to the closest training row "
              + DriftText.decimals(copies.distance())
              + beside(copies.distanceOfHeldOut(), DriftText.decimals(copies.distanceOfHeldOut())));
    }
    lines.add("AUC              " + classifier(check));
    return lines;
  }

  private static String rows(Rows rows, String noun) {
    return Numbers.plural(rows.all(), noun)
        + (rows.compared() < rows.all() ? " (" + Numbers.count(rows.compared()) + " drawn)" : "");
  }

  private static List<Marginal> largestFirst(List<Marginal> columns) {
    return columns.stream()
        .sorted(Comparator.comparingDouble(SyntheticText::size).reversed())
        .toList();
  }

  /** The distance for sorting; columns without values in one of the tables are first. */
  private static double size(Marginal column) {
    return Double.isNaN(column.distance()) ? 2 : column.distance();
  }

  private static List<String> row(Marginal column) {
    return List.of(
        TextTable.shortened(column.column()),
        column.kind(),
        column.measure(),
        DriftText.decimals(column.distance()),
        DriftText.decimals(column.ofTraining()),
        DriftText.shares(column.missingReal(), column.missingSynthetic()));
  }

  private static String ofTraining(double value) {
    return Double.isNaN(value) ? "" : " (of training rows " + DriftText.decimals(value) + ")";
  }

  private static String beside(double value, String text) {
    return Double.isNaN(value) ? "" : " (of held-out rows " + text + ")";
  }

  private static List<String> pairs(PairDifferences pairs) {
    Pair largest = pairs.largest();
    if (largest == null) {
      return List.of("pairs            none has 20 rows with both values in both tables");
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "pairs            mean difference of associations %s%s, of %s of %s",
            DriftText.decimals(pairs.mean()),
            ofTraining(pairs.ofTraining()),
            Numbers.count(pairs.pairs().size()),
            Numbers.plural(pairs.possible(), "pair")),
        String.format(
            Locale.ROOT,
            "                 largest %s: %s of %s and %s is %s, real %s",
            DriftText.decimals(largest.difference()),
            largest.measure().text(),
            TextTable.shortened(largest.first()),
            TextTable.shortened(largest.second()),
            DriftText.decimals(largest.synthetic()),
            DriftText.decimals(largest.real())));
  }

  private static String classifier(SyntheticCheck check) {
    TwoSampleClassifier test = check.classifier();
    if (Double.isNaN(test.auc())) {
      return "unknown: it needs 20 rows of each table, given " + test.rows();
    }
    return String.format(
        Locale.ROOT,
        "%s %s of a classifier of synthetic and %s rows, %s of each; 0.5: it cannot tell them apart",
        DriftText.decimals(test.auc()),
        Numbers.error(test.standardError(), 3),
        check.heldOut() ? "held-out" : "training",
        Numbers.count(test.rows()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  static JsonLine json(String synthetic, SyntheticCheck check) {
    Rows training = check.training();
    Pair largest = check.pairs().largest();
    JsonLine pairs =
        new JsonLine()
            .put("possible", check.pairs().possible())
            .put("compared", check.pairs().pairs().size())
            .put("mean", check.pairs().mean())
            .put("mean_of_training", check.pairs().ofTraining());
    if (largest != null) {
      pairs.put("largest", json(largest));
    }
    JsonLine json =
        new JsonLine()
            .put("data", synthetic)
            .put("held_out", check.heldOut())
            .put("rows", new JsonLine().putAll(check.synthetic()))
            .put("real_rows", new JsonLine().putAll(check.real()));
    if (training != null) {
      json.put("training_rows", new JsonLine().putAll(training));
    }
    json.put("mean_distance", check.meanDistance())
        .put("mean_distance_of_training", check.meanOfTraining())
        .putAll("columns", check.columns().stream().map(SyntheticText::json).toList())
        .put(
            "associations",
            pairs.putAll(
                "pairs", check.pairs().pairs().stream().map(SyntheticText::json).toList()));
    Copies copies = check.copies();
    if (copies != null) {
      json.put("copies", new JsonLine().putAll(copies));
    }
    return json.put("classifier", new JsonLine().putAll(check.classifier()));
  }

  private static JsonLine json(Marginal column) {
    return new JsonLine()
        .put("column", column.column())
        .put("kind", column.kind())
        .put("measure", column.measure())
        .put("distance", column.distance())
        .put("distance_of_training", column.ofTraining())
        .put("missing_real", column.missingReal())
        .put("missing_synthetic", column.missingSynthetic())
        .put("missing_difference", column.missingSynthetic() - column.missingReal());
  }

  private static JsonLine json(Pair pair) {
    return new JsonLine()
        .put("first", pair.first())
        .put("second", pair.second())
        .put("measure", pair.measure().text())
        .put("real", pair.real())
        .put("synthetic", pair.synthetic())
        .put("difference", pair.difference());
  }
}
