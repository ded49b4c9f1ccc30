// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.cli.options.DataOptions;
import io.github.vae4j.cli.options.Inputs;
import io.github.vae4j.cli.options.ModelSource;
import io.github.vae4j.cli.options.SyntheticOptions;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.RunSplit;
import io.github.vae4j.cli.run.TableReading;
import io.github.vae4j.cli.run.TrainData;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.table.SyntheticCheck;
import io.github.vae4j.tensor.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tables that {@code evaluate --synthetic} compares.
 *
 * @param features of the model's schema
 * @param synthetic the synthetic rows
 * @param heldOut real rows that were held out; null if there are none
 * @param training the training rows; null if they are not known
 */
record SyntheticRun(
    Features features, DataSet synthetic, @Nullable DataSet heldOut, @Nullable DataSet training) {

  /**
   * Opens the tables.
   *
   * @param rows those that are evaluated
   */
  static SyntheticRun open(
      SyntheticOptions options,
      DataOptions data,
      ModelSource source,
      VaeSpec model,
      DataSet rows,
      Report report,
      Arena arena) {
    Schema schema = Objects.requireNonNull(model.schema(), "checked before");
    Features features = new Features(schema);
    TableReading reading = withoutConditions(data.reading(model)).showing(report);
    DataSet synthetic = reading.open(Objects.requireNonNull(options.synthetic()), arena);
    synthetic.remarks().forEach(report::remark);
    if (!data.isGiven()) {
      TrainData own = data.ofRun(source, model, report, arena);
      return new SyntheticRun(features, synthetic, own.test(), own.plain());
    }
    RunFile run = source.run();
    TrainData own = RunSplit.of(rows, features, run, arena);
    if (own != null) {
      if (options.training() != null) {
        throw new IllegalArgumentException(
            "--train-data: not with this --data, whose rows are the training data of the run, so that"
                + " its own split is used; leave --train-data out");
      }
      if (own.test() == null) {
        report.remark(
            rows.name()
                + ": the model was trained on all of its rows, and no others are compared: synthetic"
                + " rows that are near them look better than they are, also by the AUC; give --data"
                + " FILE with other rows, or no --data for the test data of the run");
      }
      return new SyntheticRun(features, synthetic, own.test(), own.plain());
    }
    remarkChanged(rows, run, report);
    if (options.training() == null) {
      report.remark(
          rows.name()
              + ": taken as rows that were held out of training; no share of copies, for which"
              + " --train-data FILE names the training rows");
      return new SyntheticRun(features, synthetic, rows, null);
    }
    DataSet training = reading.open(options.training(), arena);
    training.remarks().forEach(report::remark);
    TrainData parts = RunSplit.of(training, features, run, arena);
    return new SyntheticRun(features, synthetic, rows, parts == null ? training : parts.plain());
  }

  /** The synthetic rows of a conditional model do not have its condition, which is not compared. */
  private static TableReading withoutConditions(TableReading reading) {
    List<Column> columns =
        reading.schema().columns().stream()
            .map(
                column ->
                    column.kind().role() == Kind.Role.CONDITION
                        ? new Column(
                            column.name(),
                            new Kind.Out(Kind.Reason.CHOICE),
                            column.missing(),
                            column.remark())
                        : column)
            .toList();
    return new TableReading(
        new Schema(columns, reading.schema().reading()),
        reading.absent(),
        reading.badRows(),
        reading.strict());
  }

  private static void remarkChanged(DataSet rows, @Nullable RunFile run, Report report) {
    DataSource trained = run == null ? null : run.data();
    if (trained != null && isSame(rows.name(), trained.train())) {
      report.remark(
          rows.name()
              + ": the model was trained on this file, whose rows have changed since then: if it still"
              + " has training rows, synthetic rows that are near them look better than they are, also"
              + " by the AUC");
    }
  }

  private static boolean isSame(String spec, String other) {
    List<Path> files = DataSets.files(spec);
    List<Path> others = DataSets.files(other);
    return files.size() == 1 && others.size() == 1 && Inputs.isSame(files.get(0), others.get(0));
  }

  /** Compares the rows. */
  SyntheticCheck check(long seed) {
    return SyntheticCheck.of(features, synthetic, heldOut, training, seed);
  }
}
