// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.ReferenceJson;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.cli.options.BadRowPolicy;
import io.github.vae4j.cli.options.CommonOptions;
import io.github.vae4j.cli.options.Inputs;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.run.JsonLine;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.TableReading;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Reference;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.table.DriftReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vae4j drift}. */
@Command(
    name = "drift",
    description =
        "Compares a table with the training data of a model, column by column, and the anomaly"
            + " scores with those of held-out rows. It needs the folder of the run, and no training"
            + " data. The exit code is 0 also if there is drift, unless --fail-on-drift is given.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vae4j drift --model runs/claims --data new.csv --png drift.png",
      "  ./vae4j drift --model runs/claims --data new.csv --ignore time --fail-on-drift"
    })
final class DriftCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ModelSource source = new ModelSource();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "The table: FILE.csv, FILE.tsv, FILE.csv.gz, ...")
  private String data = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the result to FILE.json, as --json prints it.")
  private @Nullable Path out;

  @Option(
      names = "--png",
      paramLabel = "FILE",
      description =
          "Draw the population stability index of the 30 columns where it is largest into FILE.png.")
  private @Nullable Path png;

  @Option(
      names = "--alpha",
      paramLabel = "Q",
      description =
          "A column has drift if a test of it has a q-value of at most Q: of the columns without"
              + " drift, few are called drifting (default ${DEFAULT-VALUE}).")
  private double alpha = 0.05;

  @Option(
      names = "--ignore",
      paramLabel = "NAME,...",
      description = "Columns that are not compared, as a time that always goes on.")
  private String ignored = "";

  @Option(
      names = "--no-score",
      description = "Do not compare the anomaly scores, which takes most of the time.")
  private boolean withoutScore;

  @Option(names = "--fail-on-drift", description = "End with the exit code 1 if there is drift.")
  private boolean fail;

  @Option(
      names = "--missing",
      description =
          "All values of a column that the table does not have are missing (default: such a table is"
              + " refused).")
  private boolean missing;

  @Mixin private BadRowPolicy badRows = new BadRowPolicy();

  @Override
  public Integer call() {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException(
          "--alpha: expected a number between 0 and 1, given " + alpha);
    }
    requireEnd("--out", out, ".json");
    requireEnd("--png", png, ".png");
    Path file = file();
    refuseInputs(file);
    Report report = common.report();
    DriftReport found;
    try (Vae vae = source.open()) {
      Schema schema = vae.spec().schema();
      if (schema == null) {
        throw new IllegalArgumentException(
            "--model: drift is that of tables, and this model has no schema; train on FILE.csv"
                + " without --schema none");
      }
      Absent absent = missing ? Absent.MISSING : Absent.REFUSE;
      TableReading reading = new TableReading(schema, absent, badRows.policy(), false);
      TableDriftRun run = new TableDriftRun(report, reading, names());
      found = run.execute(vae, data, reference(file, vae, schema), calibration(vae, report), alpha);
    }
    DriftText.lines(data, found).forEach(report::line);
    JsonLine json = DriftText.json(data, found);
    if (out != null) {
      AtomicFiles.createFolderOf(out);
      AtomicFiles.writeText(out, json + "\n");
      report.line("wrote " + out);
    }
    if (png != null) {
      DriftPicture.write(found.columns(), png);
      report.line("wrote " + png);
    }
    report.object(json);
    return fail && found.drifts() ? 1 : 0;
  }

  private static void requireEnd(String option, @Nullable Path path, String end) {
    if (path != null && !path.toString().toLowerCase(Locale.ROOT).endsWith(end)) {
      throw new IllegalArgumentException(
          option + ": expected a name that ends in " + end + ", given " + path);
    }
  }

  private Path file() {
    Path model = source.path();
    return Files.isDirectory(model)
        ? model.resolve(RunFolder.REFERENCE)
        : model.resolveSibling(RunFolder.REFERENCE);
  }

  private void refuseInputs(Path reference) {
    Inputs inputs =
        new Inputs()
            .model(source.path())
            .file("--model", reference)
            .file("--model", reference.resolveSibling(RunFolder.CALIBRATION))
            .data("--data", data);
    if (out != null) {
      inputs.refuse("--out", out);
    }
    if (png != null) {
      inputs.refuse("--png", png);
    }
  }

  private Set<String> names() {
    return ignored.isEmpty() ? Set.of() : Set.copyOf(List.of(ignored.split(",")));
  }

  private static Reference reference(Path file, Vae vae, Schema schema) {
    if (!Files.exists(file)) {
      Path run = file.toAbsolutePath().getParent();
      throw new VaeException(
          file
              + ": there is no such file, which a run writes at its end; ./vae4j train --out "
              + run
              + " --resume writes it, if the training data are there");
    }
    Reference reference = ReferenceJson.read(file, vae.weights());
    requireOf(reference, schema, file);
    return reference;
  }

  /** Refuses a reference of other columns than those of a schema. */
  static void requireOf(Reference reference, Schema schema, Path file) {
    try {
      reference.requireOf(new Features(schema));
    } catch (IllegalArgumentException e) {
      throw new VaeException(file + ": " + e.getMessage(), e);
    }
  }

  private @Nullable Calibration calibration(Vae vae, Report report) {
    if (withoutScore) {
      return null;
    }
    Calibration found = TableScoreRun.calibration(vae, source.path());
    if (found == null) {
      report.remark(
          "no drift of the score: the model has no calibration.json; a run that is complete and held"
              + " rows out has one");
    }
    return found;
  }
}
