package io.github.vae4j.cli;

import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainConfig.Binarize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which rows a trained model is given. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "SPEC",
      description =
          "mnist, mnist:test, idx:FILE, FILE.npy, FILE.npz, FILE.csv or FOLDER/ (default: what the"
              + " run was tested on, for a fit what it was trained on).")
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

  boolean hasLimit() {
    return limit != null;
  }

  /**
   * Opens the rows, by default those that the run was tested on.
   *
   * @param run what the model was trained on; null where that is not known
   * @param arena closes what is opened
   */
  DataSet open(@Nullable RunFile run, Arena arena) {
    return open(run, arena, (source, seed) -> ofRun(source, seed, arena));
  }

  /** Opens the rows, by default those that the run was trained on. */
  DataSet openTraining(@Nullable RunFile run, Arena arena) {
    return open(
        run,
        arena,
        (source, seed) -> {
          if (source == null) {
            throw new IllegalArgumentException(
                "--data: there is no vae.json that says what the model was trained on; give --data"
                    + " SPEC");
          }
          return TrainData.open(source, seed, arena).train();
        });
  }

  /** The rows of a run, where no others were named. */
  private interface RunRows {
    DataSet open(@Nullable DataSource source, long seed);
  }

  private DataSet open(@Nullable RunFile run, Arena arena, RunRows ofRun) {
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException("--limit: expected 1 or more, given " + limit);
    }
    TrainConfig training = run == null ? null : run.training();
    long seed = training == null ? 0 : training.seed();
    DataSet rows =
        data == null
            ? ofRun.open(run == null ? null : run.data(), seed)
            : arena.own(DataSets.open(data));
    if (isBinary(training)) {
      rows = arena.own(DataSets.binarizeFixed(rows, seed));
    }
    return limit == null ? rows : arena.own(DataSets.head(rows, limit));
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

  private static DataSet ofRun(@Nullable DataSource source, long seed, Arena arena) {
    if (source == null) {
      throw new IllegalArgumentException(
          "--data: there is no vae.json that says what the model was tested on; give --data SPEC");
    }
    if (source.test() != null) {
      return arena.own(DataSets.open(source.test()));
    }
    if (source.validationFraction() == 0) {
      throw new IllegalArgumentException(
          "--data: the model was trained without test data; give --data SPEC (it was trained on "
              + source.train()
              + ")");
    }
    DataSet all = arena.own(DataSets.open(source.train()));
    return arena.own(DataSets.split(all, source.validationFraction(), seed).validation());
  }
}
