// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.checkpoint.CalibrationJson;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.cli.options.DataOptions.TableChoice;
import io.github.vae4j.cli.options.OutputFile;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.ReadProgress;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.TableReading;
import io.github.vae4j.data.Table;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.table.TableScorer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code vae4j score} of a table.
 *
 * @param report of the command
 * @param shown the number of rows to print
 * @param explained the number of columns that explain a score; null for the default, none in the
 *     file and a few on the terminal
 * @param alpha the p-value of outliers; null for the default
 * @param contamination the share of rows that are outliers; null for none
 */
record TableScoreRun(
    Report report,
    int shown,
    @Nullable Integer explained,
    @Nullable Double alpha,
    @Nullable Double contamination) {
  private static final double ALPHA = 0.01;

  /** Columns that explain a printed score. */
  private static final int REASONS = 3;

  TableScoreRun {
    if (explained != null && explained < 0) {
      throw new IllegalArgumentException("--explain: expected 0 or more, given " + explained);
    }
    if (alpha != null && contamination != null) {
      throw new IllegalArgumentException(
          "--alpha and --contamination both say which rows are outliers: choose one");
    }
    requireShare("--alpha", alpha);
    requireShare("--contamination", contamination);
  }

  private static void requireShare(String option, @Nullable Double share) {
    if (share != null && !(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          option + ": expected a number between 0 and 1, given " + share);
    }
  }

  void execute(
      Vae vae,
      TableChoice choice,
      Path model,
      @Nullable Integer samples,
      long seed,
      @Nullable OutputFile file) {
    Calibration found = calibration(vae, model);
    int count = samples != null ? samples : found == null ? TableScorer.SAMPLES : found.samples();
    boolean fits = found != null && found.samples() == count && found.seed() == seed;
    Calibration calibration = fits ? found : null;
    sayWithout(found, calibration);
    TableReading reading = choice.reading();
    TableReading.requireTable(choice.spec());
    try (Table table = Table.open(choice.spec(), reading.schema().reading().options());
        TableScorer scorer = new TableScorer(vae, table.name(), count, seed, calibration);
        ReadProgress progress = ReadProgress.of(report, "vae4j: scoring")) {
      table.remarks().forEach(report::remark);
      RowEncoder encoder = new RowEncoder(scorer.features(), table, reading.absent());
      encoder.remarks().forEach(report::remark);
      sayAbsent(encoder, calibration);
      int inFile = explained == null ? 0 : explained;
      TableScores scores =
          new TableScores(table, scorer, encoder, reading.badRows(), inFile, progress);
      TableScores.Outlier outlier = outlier(scores, calibration);
      ScoreSummary summary =
          new ScoreSummary(shown, explained == null ? REASONS : explained, outlier);
      if (file == null) {
        scores.write(OutputStream.nullOutputStream(), outlier, summary);
      } else {
        file.writeText(out -> scores.write(out, outlier, summary));
      }
      reading.finish(encoder, table.name()).forEach(report::remark);
      summary.print(report, table.name(), threshold(calibration));
      JsonLine json = summary.json(table.name(), count);
      if (file != null) {
        report.line("wrote " + file.path());
        json.put("out", file.path().toString());
      }
      report.object(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The calibration beside a model; null if there is none. */
  static @Nullable Calibration calibration(Vae vae, Path model) {
    Path file =
        Files.isDirectory(model)
            ? model.resolve(RunFolder.CALIBRATION)
            : model.resolveSibling(RunFolder.CALIBRATION);
    return Files.exists(file) ? CalibrationJson.read(file, vae.weights()) : null;
  }

  private void sayWithout(@Nullable Calibration found, @Nullable Calibration used) {
    if (used == null) {
      report.remark(
          "no p-values: "
              + (found == null
                  ? "the model has no calibration.json; a run that is complete and held rows out"
                      + " has one"
                  : String.format(
                      Locale.ROOT,
                      "they need --samples %d --seed %d, as the calibration",
                      found.samples(),
                      found.seed())));
    }
  }

  private void sayAbsent(RowEncoder encoder, @Nullable Calibration used) {
    if (used != null) {
      String other = contamination == null ? ", or use --contamination" : "";
      new AbsentColumns(encoder.absent())
          .sayOfPValues(report, "compare scores with each other" + other);
    }
  }

  private TableScores.Outlier outlier(TableScores scores, @Nullable Calibration calibration)
      throws IOException {
    if (contamination != null) {
      double least = scores.threshold(contamination);
      return score -> score.score() >= least;
    }
    if (calibration == null) {
      return score -> null;
    }
    double most = alpha == null ? ALPHA : alpha;
    if (calibration.ranks().least() > most) {
      report.remark(
          String.format(
              Locale.ROOT,
              "%d rows were held out, so that no p-value is below %.3g: no row is an outlier at"
                  + " --alpha %s",
              calibration.scores().size(),
              calibration.ranks().least(),
              most));
    }
    return score -> score.pValue() <= most;
  }

  private String threshold(@Nullable Calibration calibration) {
    if (contamination != null) {
      return "with the highest scores (--contamination " + contamination + ")";
    }
    return calibration == null
        ? ""
        : "with a p-value of at most " + (alpha == null ? ALPHA : alpha);
  }
}
