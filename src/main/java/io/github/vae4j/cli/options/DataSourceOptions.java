// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.options;

import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RowReading;
import io.github.vae4j.cli.run.Report;
import io.github.vae4j.cli.run.TableReading;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.schema.RowEncoder;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.TrainingRows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a run's training and test data. */
public final class DataSourceOptions {
  @Option(
      names = "--data",
      paramLabel = "SPEC",
      description =
          "Rows to learn from: mnist, idx:FILE, FILE.npy, FILE.npz, FILE.csv or FOLDER/ (of"
              + " images).")
  private @Nullable String train;

  @Option(
      names = "--test-data",
      paramLabel = "SPEC",
      description = "Rows to evaluate on after each epoch (default: mnist:test for mnist).")
  private @Nullable String test;

  @Option(
      names = "--validation",
      paramLabel = "PART",
      description = "Hold out this part of the data, as in 0.1, and evaluate on it instead.")
  private @Nullable Double validation;

  @Option(
      names = "--hide-cells",
      paramLabel = "PART",
      description =
          "Hide this part of the cells of a table's training rows, as in 0.2, so that impute fills"
              + " missing cells better (default 0).")
  private @Nullable Double hidden;

  @Mixin private RowOptions rows = new RowOptions();
  @Mixin private SchemaOptions schema = new SchemaOptions();

  /**
   * The schema of a new model's table.
   *
   * @param source the data of the run
   * @param numbers whether other options ask for a matrix of numbers
   * @param report shows the progress
   * @return null for rows of numbers
   */
  public @Nullable Schema schema(DataSource source, boolean numbers, Report report) {
    RowReading reading = source.readingOrPlain();
    boolean matrix =
        numbers || reading.mask() != null || reading.testMask() != null || reading.shape() != null;
    if (schema.applies(source.train(), matrix)) {
      return schema.of(source.train(), rows.kinds(), report);
    }
    if (hidden != null) {
      throw new IllegalArgumentException(
          "--hide-cells is for a table with a schema, and "
              + source.train()
              + " is read as rows of numbers: leave it out");
    }
    return null;
  }

  /**
   * The reading of tables.
   *
   * @param columns the schema
   * @return the reading
   */
  public TableReading reading(Schema columns) {
    return schema.badRows().reading(columns, RowEncoder.Absent.REFUSE);
  }

  /**
   * The first option of a table's columns or of its format that was given.
   *
   * @return its name; null if none was given
   */
  public @Nullable String tableOption() {
    return schema.first();
  }

  /**
   * The condition of a new model.
   *
   * @return null if none was given
   */
  public @Nullable ConditionChoice condition() {
    return rows.condition();
  }

  /**
   * Whether the part to hold out was given, which may be 0.
   *
   * @return false if it is to be chosen
   */
  public boolean hasValidation() {
    return validation != null;
  }

  /**
   * The data of a new run.
   *
   * @param common creates the usage errors
   * @return the data
   */
  public DataSource source(CommonOptions common) {
    if (train == null) {
      throw common.usage("Missing required option: '--data=SPEC'");
    }
    if (hidden != null) {
      TrainingRows.requireHidden("--hide-cells", hidden);
    }
    rows.requireUsed(train);
    if (test != null && validation != null) {
      throw common.usage(
          "--test-data and --validation both give the rows of the evaluation after an epoch: choose one");
    }
    if (validation != null) {
      return new DataSource(train, null, validation, rows.over(null), null, hidden);
    }
    return new DataSource(
        train, test == null ? DataSets.testSpecOf(train) : test, 0, rows.over(null), null, hidden);
  }

  /**
   * The data of a run with the changes of the command line.
   *
   * @param base the data of the run
   * @return the data
   */
  public DataSource over(DataSource base) {
    return new DataSource(
        train == null ? base.train() : train,
        test == null ? base.test() : test,
        validation == null ? base.validationFraction() : validation,
        rows.over(base.reading()),
        base.passes(),
        hidden == null ? base.hidden() : hidden);
  }
}
