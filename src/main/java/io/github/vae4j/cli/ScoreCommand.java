// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.github.vae4j.Vae;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.DataOptions;
import io.github.vae4j.cli.options.InferenceOptions;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.OutputFile;
import io.github.vae4j.cli.options.OutputNames;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Numbers;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.infer.InferenceConfig.Start;
import io.github.vae4j.infer.OptimizedCodes;
import io.github.vae4j.infer.RowScores;
import io.github.vae4j.model.LatentUse;
import io.github.vae4j.tensor.Arena;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j score}. */
@Command(
    name = "score",
    description =
        "Scores each row by its ELBO, in nats: rows unlike the training data have low ones. Rows of a"
            + " table have an anomaly score, minus the ELBO, with a p-value and reasons.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j score --model runs/claims --data new.csv --explain 3 --out scored.csv",
      "  ./vae4j score --model runs/mnist --samples 10 --lowest 20",
      "  ./vae4j score --model runs/mnist --limit 500 --regret --out scores.csv"
    })
final class ScoreCommand implements Runnable {
  private static final List<Double> QUANTILES = List.of(0.0, 0.01, 0.1, 0.5, 0.9, 1.0);

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();
  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      converter = OutputNames.OfTable.class,
      description =
          "FILE.csv or FILE.parquet: row, label, elbo, reconstruction, kl, and regret where it was asked for; of a"
              + " table the columns that name a row, anomaly_score, score_error, p_value, is_outlier,"
              + " and the reasons (default: the summary only).")
  private @Nullable OutputFile file;

  @Option(
      names = "--samples",
      paramLabel = "L",
      description =
          "Monte-Carlo samples per row (default 1; of a table those of the calibration, which"
              + " p-values need: 64).")
  private @Nullable Integer samples;

  @Option(
      names = "--lowest",
      paramLabel = "N",
      description =
          "Rows of lowest ELBO, and of highest regret, to print (default ${DEFAULT-VALUE}).")
  private int lowest = 5;

  @Option(
      names = "--regret",
      description =
          "Also score by likelihood regret: the gain of the ELBO when the row's posterior is"
              + " optimised. Rows unlike the training data have a high one. Needs a diagonal posterior"
              + " and the standard prior.")
  private boolean regret;

  @Option(
      names = "--explain",
      paramLabel = "K",
      description =
          "Tables: print the K columns that contribute most to a row's score, and write them to"
              + " --out: name, value, the value that the model expects, a 90 %% interval, nats"
              + " (default: 3 are printed, none written).")
  private @Nullable Integer explain;

  @Option(
      names = "--alpha",
      paramLabel = "P",
      description =
          "Tables: a row is an outlier if its p-value is at most P: of rows as in training, this"
              + " share are called outliers (default 0.01).")
  private @Nullable Double alpha;

  @Option(
      names = "--contamination",
      paramLabel = "SHARE",
      description = "Tables: the rows of this share with the highest scores are outliers instead.")
  private @Nullable Double contamination;

  @Mixin private InferenceOptions inference = new InferenceOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the noise (default ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public void run() {
    if (file != null) {
      file.requireTable();
    }
    TableScoreRun table = new TableScoreRun(common.report(), lowest, explain, alpha, contamination);
    if (lowest < 0) {
      throw new IllegalArgumentException("--lowest: expected 0 or more, given " + lowest);
    }
    if (samples() < 1) {
      throw new IllegalArgumentException("--samples: expected 1 or more, given " + samples);
    }
    InferenceConfig config = inference.config(regret, "--regret", Start.ENCODER, seed);
    if (file != null) {
      data.inputs(source).refuse("--out", file.path());
    }
    try (Arena arena = new Arena()) {
      Vae vae = arena.own(source.open());
      if (regret) {
        LatentUse.OPTIMIZATION.require("--regret", vae.spec().latents());
      }
      if (vae.spec().schema() != null && !regret) {
        table.execute(vae, data.table(source, vae.spec()), source.path(), samples, seed, file);
        return;
      }
      refuseTableOptions();
      DataSet rows = data.open(source, vae.spec(), common.report(), arena);
      RowScores scores = vae.score(rows, samples(), seed);
      double[] regrets = config == null ? null : regrets(vae, rows, config);
      if (file != null) {
        file.writeText(out -> writeCsv(out, rows, scores, regrets));
      }
      summarise(common.report(), rows, scores, regrets);
    }
  }

  private int samples() {
    return samples == null ? 1 : samples;
  }

  private void refuseTableOptions() {
    if ((explain != null && explain != 0) || alpha != null || contamination != null) {
      throw new IllegalArgumentException(
          "--explain, --alpha and --contamination are for a model of tables"
              + (regret ? " without --regret" : ""));
    }
  }

  private double[] regrets(Vae vae, DataSet rows, InferenceConfig config) {
    OptimizedCodes optimized = vae.measure().optimize(rows, config);
    InferenceOptions.remark(optimized, common.report());
    return optimized.regret();
  }

  private static void writeCsv(
      OutputStream out, DataSet rows, RowScores scores, double @Nullable [] regrets)
      throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    CsvWriter csv = CsvWriter.builder().build(writer);
    List<String> names = new ArrayList<>(List.of("row", "label", "elbo", "reconstruction", "kl"));
    if (regrets != null) {
      names.add("regret");
    }
    csv.writeRecord(names);
    for (int row = 0; row < scores.elbo().length; row++) {
      List<String> values = new ArrayList<>();
      values.add(Integer.toString(rows.origin(row)));
      values.add(rows.label(row) < 0 ? "" : Integer.toString(rows.label(row)));
      values.add(Double.toString(scores.elbo()[row]));
      values.add(Double.toString(scores.reconstruction()[row]));
      values.add(Double.toString(scores.kl()[row]));
      if (regrets != null) {
        values.add(Double.toString(regrets[row]));
      }
      csv.writeRecord(values);
    }
    csv.flush();
    writer.flush();
  }

  private void summarise(
      Report report, DataSet rows, RowScores scores, double @Nullable [] regrets) {
    WeightedQuantiles elbos = new WeightedQuantiles(scores.elbo(), rows);
    double mean = elbos.mean();
    report.line(
        String.format(
            Locale.ROOT,
            "data      %s, %s%s",
            rows.name(),
            Numbers.plural(rows.rows(), "row"),
            rows.weighted() ? ", weighted mean and quantiles" : ""));
    report.line("mean ELBO " + Numbers.fixed(mean, 3) + " nats");
    JsonLine quantiles = new JsonLine();
    for (double part : QUANTILES) {
      double value = elbos.at(part);
      String name = Math.round(100 * part) + "%";
      report.line(String.format(Locale.ROOT, "%9s %s", name, Numbers.fixed(value, 3)));
      quantiles.put(name, value);
    }
    List<Integer> first =
        IntStream.range(0, rows.rows())
            .boxed()
            .sorted(Comparator.comparingDouble(row -> scores.elbo()[row]))
            .limit(lowest)
            .toList();
    if (!first.isEmpty()) {
      report.line("lowest    row: ELBO = reconstruction - KL");
    }
    first.forEach(row -> report.line(line(rows, scores, row)));
    JsonLine json =
        new JsonLine()
            .put("data", rows.name())
            .put("rows", rows.rows())
            .put("weighted", rows.weighted())
            .put("samples", samples())
            .put("elbo", mean)
            .put("quantiles", quantiles)
            .putAll("lowest", first.stream().map(row -> json(rows, scores, row)).toList());
    if (regrets != null) {
      summariseRegret(report, json, rows, regrets);
    }
    if (file != null) {
      report.line("wrote " + file.path());
      json.put("out", file.path().toString());
    }
    report.object(json);
  }

  private void summariseRegret(Report report, JsonLine json, DataSet rows, double[] regrets) {
    double mean = new WeightedQuantiles(regrets, rows).mean();
    report.line("mean likelihood regret " + Numbers.fixed(mean, 3) + " nats");
    List<Integer> highest =
        IntStream.range(0, regrets.length)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> -regrets[row]))
            .limit(lowest)
            .toList();
    if (!highest.isEmpty()) {
      report.line("highest   row: regret");
    }
    highest.forEach(
        row ->
            report.line(
                String.format(
                    Locale.ROOT,
                    "%9d %s%s",
                    rows.origin(row),
                    Numbers.fixed(regrets[row], 3),
                    label(rows, row))));
    json.put("regret", mean)
        .putAll(
            "highest_regret",
            highest.stream()
                .map(row -> new JsonLine().put("row", rows.origin(row)).put("regret", regrets[row]))
                .toList());
  }

  private static String label(DataSet rows, int row) {
    return rows.label(row) < 0 ? "" : "  (label " + rows.label(row) + ")";
  }

  private static String line(DataSet rows, RowScores scores, int row) {
    return String.format(
        Locale.ROOT,
        "%9d %s = %s - %s%s",
        rows.origin(row),
        Numbers.fixed(scores.elbo()[row], 3),
        Numbers.fixed(scores.reconstruction()[row], 3),
        Numbers.fixed(scores.kl()[row], 3),
        label(rows, row));
  }

  private static JsonLine json(DataSet rows, RowScores scores, int row) {
    JsonLine json = new JsonLine().put("row", rows.origin(row));
    if (rows.label(row) >= 0) {
      json.put("label", rows.label(row));
    }
    return json.put("elbo", scores.elbo()[row])
        .put("reconstruction", scores.reconstruction()[row])
        .put("kl", scores.kl()[row]);
  }
}
