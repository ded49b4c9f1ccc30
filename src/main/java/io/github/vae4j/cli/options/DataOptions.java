// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.checkpoint.DataPrints;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RowReading;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.cli.run.Expected;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.RowFiles;
import io.github.vae4j.cli.run.TableReading;
import io.github.vae4j.cli.run.TrainData;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.Fingerprint;
import io.github.vae4j.data.RowRoles;
import io.github.vae4j.data.Table;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainConfig.Binarize;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the rows that a trained model is applied to. */
public final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "SPEC",
      description =
          "mnist, mnist:test, idx:FILE, FILE.npy, FILE.npz, FILE.csv or FOLDER/ (default: the"
              + " run's test data, for a fit its training data).")
  private @Nullable String data;

  @Option(
      names = "--limit",
      paramLabel = "ROWS",
      description = "Use the first rows only (default: all).")
  private @Nullable Integer limit;

  @Option(
      names = "--binarize",
      paramLabel = "HOW",
      description =
          "fixed (values in [0, 1] become 0 or 1, drawn once by the run's seed) or none (default:"
              + " fixed if the model was trained on binarised values).")
  private @Nullable Binarize binarize;

  @Option(
      names = "--missing",
      description =
          "NaN, and in tables also empty fields and NA, mean that a value is missing (default: as"
              + " the model was trained).")
  private boolean missing;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = "Which values of --data are missing: 0 for those, else 1, in the same shape.")
  private @Nullable String mask;

  @Option(
      names = "--weights",
      paramLabel = "SOURCE",
      description =
          "column:NAME, or a file with a weight for each row of --data: means are weighted (default:"
              + " the column that the model was trained with, if the data have it).")
  private @Nullable String weights;

  @Mixin private BadRowOptions tables = new BadRowOptions();
  @Mixin private ArrayArguments arrays = new ArrayArguments();
  @Mixin private PictureArguments pictures = new PictureArguments();

  /**
   * Whether only the first rows are used.
   *
   * @return whether --limit was given
   */
  public boolean hasLimit() {
    return limit != null;
  }

  /**
   * Checks the number of rows.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public void checkLimit() {
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException("--limit: expected 1 or more, given " + limit);
    }
  }

  /**
   * Whether the rows are named.
   *
   * @return whether --data was given
   */
  public boolean isGiven() {
    return data != null;
  }

  /**
   * Opens the rows, by default the test rows of the run.
   *
   * @param source has the run of the model
   * @param model the model, by whose names columns and classes are found
   * @param report receives remarks on the rows
   * @param arena closes the opened data sets
   * @return the rows
   */
  public DataSet open(ModelSource source, VaeSpec model, Report report, Arena arena) {
    Expected expected = expected(source.run(), model).showing(report);
    return open(source.run(), model, report, arena, run -> testRows(source, run, expected, arena));
  }

  /**
   * The files that the command reads, of the rows and of the model.
   *
   * @param model the model
   * @return the files
   */
  public Inputs inputs(ModelSource model) {
    Inputs inputs = new Inputs().model(model.path());
    if (data == null) {
      return inputs.run(dataOf(model.run()));
    }
    String file = weights == null || RowOptions.column(weights) != null ? null : weights;
    return inputs.data("--data", data).data("--mask", mask).data("--weights", file);
  }

  /**
   * Opens the rows, by default the training rows of the run.
   *
   * @param source has the run of the model
   * @param model the model, by whose names columns and classes are found
   * @param report receives remarks on the rows
   * @param arena closes the opened data sets
   * @return the rows
   */
  public DataSet openTraining(ModelSource source, VaeSpec model, Report report, Arena arena) {
    Expected expected = expected(source.run(), model).showing(report);
    return open(
        source.run(), model, report, arena, run -> ofRun(source, run, expected, arena).train());
  }

  /**
   * Opens the rows of the run.
   *
   * @param source has the run of the model
   * @param model the model, by whose names columns and classes are found
   * @param report receives the progress of reading
   * @param arena closes the opened data sets
   * @return the training rows, and the test rows or those that were held out
   */
  public TrainData ofRun(ModelSource source, VaeSpec model, Report report, Arena arena) {
    return ofRun(source, source.run(), expected(source.run(), model).showing(report), arena);
  }

  private TrainData ofRun(
      ModelSource source, @Nullable RunFile run, Expected expected, Arena arena) {
    DataSource own = named("training", run);
    requireOwn(source, own);
    return TrainData.open(own, seedOf(run), expected, arena);
  }

  private static @Nullable DataSource dataOf(@Nullable RunFile run) {
    return run == null ? null : run.data();
  }

  private static long seedOf(@Nullable RunFile run) {
    TrainConfig training = run == null ? null : run.training();
    return training == null ? 0 : training.seed();
  }

  /**
   * The reading of further tables.
   *
   * @param model one of tables
   * @return the reading by its schema, with the options of bad rows and of missing columns
   */
  public TableReading reading(VaeSpec model) {
    TableReading reading = expected(null, model).table();
    if (reading == null) {
      throw new IllegalStateException("not a model of tables");
    }
    return reading;
  }

  /** The rows of a run, if no others are named. */
  private interface RunRows {
    DataSet open(@Nullable RunFile run);
  }

  private DataSet open(
      @Nullable RunFile run, VaeSpec model, Report report, Arena arena, RunRows ofRun) {
    checkLimit();
    requireUsed();
    DataSet rows = data == null ? ofRun.open(run) : given(data, run, model, report, arena);
    rows.remarks().forEach(report::remark);
    if (isBinary(run == null ? null : run.training())) {
      rows = arena.own(DataSets.binarizeFixed(rows, seedOf(run)));
    }
    return limit == null ? rows : arena.own(DataSets.head(rows, limit));
  }

  /** Columns have the same roles as in training. */
  private DataSet given(
      String spec, @Nullable RunFile run, VaeSpec model, Report report, Arena arena) {
    DataSource trained = dataOf(run);
    RowReading base = trained == null ? RowReading.PLAIN : trained.readingOrPlain();
    String column = weights == null ? null : RowOptions.column(weights);
    Expected expected = expected(run, model).showing(report);
    TableReading table = expected.table();
    if (table != null) {
      return ofTable(spec, table, column, arena);
    }
    RowReading reading =
        base.with(
            missing || base.missing(),
            arrays.over(base.arrays()),
            pictures.over(base.pictures()),
            arrays.shapeOver(base.shape()));
    DataSet all = arena.own(DataSets.open(spec, expected.options(spec, reading)));
    RowRoles roles = covariates(base.columns(), model).among(all, model.labelled());
    if (column != null) {
      roles = new RowRoles(roles.labels(), roles.covariates(), column);
    }
    String file = weights != null && column == null ? weights : null;
    return expected.fit(RowFiles.with(roles.apply(all), reading, mask, file, arena), reading);
  }

  /** The rows of a table; a mask and a column of weights are those of its schema. */
  private DataSet ofTable(String spec, TableReading table, @Nullable String column, Arena arena) {
    if (mask != null) {
      throw new IllegalArgumentException(
          "--mask: the model is one of tables, whose missing values are empty fields");
    }
    if (column != null) {
      throw new IllegalArgumentException(
          "--weights: the model is one of tables, whose schema names the column of weights; give a"
              + " file");
    }
    return RowFiles.with(table.open(spec, arena), RowReading.PLAIN, null, weights, arena);
  }

  /**
   * A table that is read row by row, by default that of the run's test data or, if rows were held
   * out, its training data.
   *
   * @param spec of the table
   * @param reading by the schema of the model
   */
  public record TableChoice(String spec, TableReading reading) {}

  /**
   * The table of a command on a model of tables.
   *
   * @param source has the run of the model
   * @param model the model
   * @return the table
   */
  public TableChoice table(ModelSource source, VaeSpec model) {
    if (mask != null || weights != null || limit != null || binarize != null) {
      throw new IllegalArgumentException(
          "--mask, --weights, --limit and --binarize are not for the scores of tables");
    }
    requireUsed();
    TableReading reading = reading(model);
    if (data != null) {
      return new TableChoice(data, reading);
    }
    DataSource trained = dataOf(source.run());
    if (trained == null) {
      throw new IllegalArgumentException(
          "--data: there is no vae.json that names the model's data; give --data SPEC");
    }
    String spec = trained.test() == null ? trained.train() : trained.test();
    requireOwn(source, spec);
    return new TableChoice(spec, reading);
  }

  /**
   * The columns of a model of tables that the given table does not have.
   *
   * @param model the model
   * @return their names; none without --missing, by which such a table is refused
   */
  public List<String> absent(VaeSpec model) {
    if (!missing || data == null) {
      return List.of();
    }
    Schema schema = reading(model).schema();
    try (Table table = Table.open(data, schema.reading().options())) {
      return new RowEncoder(new Features(schema), table, Absent.MISSING).absent();
    }
  }

  private Expected expected(@Nullable RunFile run, VaeSpec model) {
    DataPrints prints = run == null ? null : run.prints();
    Fingerprint trained = prints == null ? null : prints.train();
    Expected expected = Expected.of(model).as(dataOf(run), trained);
    TableReading table = expected.table();
    return table == null
        ? expected
        : expected.with(tables.reading(table.schema(), missing ? Absent.MISSING : Absent.REFUSE));
  }

  /** The roles of training; of a model without its run, the covariates by their names. */
  private static RowRoles covariates(RowRoles roles, VaeSpec model) {
    List<String> names = model.names().covariates();
    boolean known = names == null || names.stream().anyMatch(name -> name.contains(","));
    return known || roles.covariates() != null
        ? roles
        : new RowRoles(roles.labels(), String.join(",", names), roles.weights());
  }

  private void requireUsed() {
    if (data != null) {
      arrays.requireArray(data);
      pictures.requireFolder(data);
    }
  }

  private void refuseFiles() {
    if (missing || mask != null || weights != null || arrays.given() || pictures.given()) {
      throw new IllegalArgumentException(
          "--missing, --mask, --weights and the options of arrays and pictures belong to --data: give"
              + " it too");
    }
  }

  private boolean isBinary(@Nullable TrainConfig training) {
    if (binarize == Binarize.DYNAMIC) {
      throw new IllegalArgumentException(
          "--binarize: expected fixed or none, given dynamic; it is for training");
    }
    return binarize == null
        ? training != null && training.binarize() != Binarize.NONE
        : binarize == Binarize.FIXED;
  }

  /** Checks the training rows, and the files that belong to them. */
  private static void requireOwn(ModelSource model, DataSource source) {
    RowReading reading = source.readingOrPlain();
    requireOwn(model, source.train(), reading.weights(), reading.mask());
  }

  private static void requireOwn(ModelSource model, @Nullable String... specs) {
    for (String spec : specs) {
      if (spec != null) {
        model.requireOwn(spec);
      }
    }
  }

  /** The data of the run, whose files have no options. */
  private DataSource named(String use, @Nullable RunFile run) {
    refuseFiles();
    DataSource source = dataOf(run);
    if (source == null) {
      throw new IllegalArgumentException(
          "--data: there is no vae.json that names the model's " + use + " data; give --data SPEC");
    }
    return source;
  }

  private DataSet testRows(
      ModelSource model, @Nullable RunFile run, Expected expected, Arena arena) {
    DataSource source = named("test", run);
    if (source.test() != null) {
      requireOwn(model, source.test(), source.readingOrPlain().testMask());
      return RowFiles.test(source, source.test(), expected, arena);
    }
    if (source.validationFraction() == 0) {
      throw new IllegalArgumentException(
          "--data: the model was trained without test data; give --data SPEC (it was trained on "
              + source.train()
              + ")");
    }
    requireOwn(model, source);
    DataSet all = RowFiles.train(source, expected, arena);
    return arena.own(DataSets.split(all, source.validationFraction(), seedOf(run)).validation());
  }
}
