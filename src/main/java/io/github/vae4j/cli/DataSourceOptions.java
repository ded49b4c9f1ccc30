package io.github.vae4j.cli;

import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.data.DataSets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a run is trained on. */
final class DataSourceOptions {
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

  @Mixin private RowOptions rows = new RowOptions();

  /** What the model is to be conditional on; null where that was not given. */
  @Nullable ConditionChoice condition() {
    return rows.condition();
  }

  /** The data of a new run. */
  DataSource source(CommonOptions common) {
    if (train == null) {
      throw common.usage("Missing required option: '--data=SPEC'");
    }
    if (test != null && validation != null) {
      throw common.usage(
          "--test-data and --validation both say what to evaluate on after an epoch: choose one");
    }
    if (validation != null) {
      return new DataSource(train, null, validation, rows.over(null));
    }
    return new DataSource(
        train, test == null ? DataSets.testSpecOf(train) : test, 0, rows.over(null));
  }

  /** The data of a run with what was given on the command line. */
  DataSource over(DataSource base) {
    return new DataSource(
        train == null ? base.train() : train,
        test == null ? base.test() : test,
        validation == null ? base.validationFraction() : validation,
        rows.over(base.reading()));
  }
}
