// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.Sampling;
import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.infer.Conditions;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.picture.GridLabels;
import io.github.vae4j.picture.PictureGrid;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.EpochMetrics;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the pictures of a run. If a picture cannot be drawn, the run prints a remark and does not
 * fail.
 */
final class RunPictures {
  private static final int PAIRS = 50;
  private static final int SAMPLES = 100;
  private static final int ACROSS = 10;

  private final RunFolder folder;
  private final Report report;

  RunPictures(RunFolder folder, Report report) {
    this.folder = folder;
    this.report = report;
  }

  void drawCurves() {
    List<EpochMetrics> epochs = folder.readMetrics();
    if (!epochs.isEmpty()) {
      attempt(
          RunFolder.TRAINING_PICTURE,
          () -> TrainingChart.write(epochs, folder.file(RunFolder.TRAINING_PICTURE)));
    }
  }

  /** Draws rows with their reconstructions, and samples. */
  void drawImages(Vae vae, DataSet rows, long seed) {
    ImageShape image = vae.spec().image();
    if (image == null && vae.spec().schema() != null) {
      return;
    }
    if (image == null) {
      report.remark(
          "rows are not images: no reconstructions.png and samples.png; the commands reconstruct"
              + " and sample write .csv and .npy");
      return;
    }
    if (!Pictured.isPossible(image)) {
      report.remark(
          "images have "
              + image.channels()
              + " channels, and pictures 1 or 3: no reconstructions.png and samples.png; the commands"
              + " reconstruct and sample write .csv and .npy");
      return;
    }
    try {
      drawGrids(vae, rows, seed, image);
    } catch (LinkageError e) {
      // The Java runtime lacks the module java.desktop.
      undrawn(RunFolder.RECONSTRUCTIONS_PICTURE, e);
    }
  }

  private void drawGrids(Vae vae, DataSet rows, long seed, ImageShape image) {
    Matrix pairs;
    List<String> classes;
    try (DataSet head = DataSets.head(rows, PAIRS)) {
      pairs = PictureGrid.pairs(DataSets.values(head, 0, head.rows()), vae.reconstruct(head));
      classes = RowLabels.of(vae.spec(), head);
    }
    Matrix conditions = conditions(vae.spec(), rows, SAMPLES);
    Matrix samples = vae.sample(sampling(conditions, SAMPLES).seed(seed));
    GridLabels labels = GridLabels.titled("samples").cells(RowLabels.of(vae.spec(), conditions));
    drawGrid(image, pairs, RunFolder.RECONSTRUCTIONS_PICTURE, RowLabels.pairs(ACROSS, classes));
    drawGrid(image, samples, RunFolder.SAMPLES_PICTURE, labels);
  }

  /** Draws the samples of the epochs. */
  void drawTraining(TrainingFrames frames) {
    if (!frames.isEmpty()) {
      attempt(
          RunFolder.TRAINING_ANIMATION,
          () -> frames.write(folder.file(RunFolder.TRAINING_ANIMATION)));
    }
  }

  static Sampling sampling(@Nullable Matrix conditions, int count) {
    return conditions == null ? Sampling.of(count) : Sampling.given(conditions);
  }

  /** The conditions of samples: all labels cyclically, or the covariates of the first rows. */
  static @Nullable Matrix conditions(VaeSpec spec, DataSet rows, int count) {
    Condition condition = spec.condition();
    if (condition == null) {
      return null;
    }
    return RowsInTurn.of(
        condition.match(
            labels -> labels.rows(IntStream.range(0, labels.classes()).toArray()),
            columns -> firstOf(Conditions.of(columns, rows))),
        count);
  }

  private static Matrix firstOf(DataSet given) {
    return DataSets.values(given, 0, Math.min(SAMPLES, given.rows()));
  }

  private void drawGrid(ImageShape image, Matrix rows, String name, GridLabels labels) {
    PictureGrid grid = PictureGrid.of(Pictured.shape(image), ACROSS, labels);
    attempt(
        name,
        () ->
            PictureGrid.write(
                grid.draw(Pictured.of(image, rows).rows(), labels), folder.file(name)));
  }

  /**
   * Handles the errors of several kinds that Java's drawing throws for missing fonts and libraries.
   */
  private void attempt(String name, Runnable draw) {
    try {
      draw.run();
    } catch (VaeException e) {
      report.remark("warning: " + e.getMessage());
    } catch (RuntimeException | LinkageError | InternalError e) {
      undrawn(name, e);
    }
  }

  private void undrawn(String name, Throwable e) {
    report.remark(
        String.format(
                Locale.ROOT,
                "warning: %s is not drawn, as this Java cannot draw (%s); it needs the module java.desktop",
                name,
                FailureText.of(root(e)))
            + " and the packages fontconfig and fonts-dejavu-core or the like");
  }

  private static Throwable root(Throwable e) {
    Throwable cause = e.getCause();
    return cause == null ? e : root(cause);
  }
}
