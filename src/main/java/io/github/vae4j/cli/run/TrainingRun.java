// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.checkpoint.VaeJson;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.OutlyingValue;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.DataFit;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A training run: start or resumption, training, files, pictures and report. */
public final class TrainingRun {
  private static final int DONE = 0;

  /** The exit code that a shell reports for a program that SIGINT ended. */
  private static final int INTERRUPTED = 130;

  private static final List<String> FILES =
      List.of(
          RunFolder.MODEL,
          RunFolder.SPECIFICATION,
          RunFolder.METRICS,
          RunFolder.TRAINING_PICTURE,
          RunFolder.RECONSTRUCTIONS_PICTURE,
          RunFolder.SAMPLES_PICTURE,
          RunFolder.CHECKPOINT);

  private static final Pattern PLAIN_WORD = Pattern.compile("[\\w./:@%+=-]+");

  private final VaeSpec model;
  private final TrainConfig config;
  private final DataSource source;
  private final TrainData rows;
  private final List<String> remarks;
  private final Report report;

  /**
   * A run that is ready to start.
   *
   * @param model the model
   * @param config its training
   * @param source the data's names for vae.json
   * @param rows the data
   * @param remarks printed first
   * @param report of the run
   * @throws IllegalArgumentException if early stopping is requested and there are no test data
   */
  public TrainingRun(
      VaeSpec model,
      TrainConfig config,
      DataSource source,
      TrainData rows,
      List<String> remarks,
      Report report) {
    this.model = model;
    this.config = config;
    this.source = source;
    this.rows = rows;
    this.remarks = remarks;
    this.report = report;
    if (config.patience() > 0 && rows.test() == null) {
      throw new IllegalArgumentException(
          "--patience: there is no test data for early stopping; give --test-data or"
              + " --validation");
    }
  }

  /**
   * Trains.
   *
   * @param backend that trains
   * @param prepare prepares the folder; not called if the run cannot start, so that no file is lost
   * @param state of the run to continue; null for a new one
   * @param terminal shows the progress
   * @param stop ends the run after a step
   * @return the exit code
   */
  public int execute(
      BackendOptions backend,
      Supplier<RunFolder> prepare,
      @Nullable TrainState state,
      Terminal terminal,
      StopSignal stop) {
    DataFit.check(model, rows.train());
    if (rows.test() != null) {
      DataFit.check(model, rows.test());
    }
    remarks.forEach(report::remark);
    long start = System.nanoTime();
    try (Vae vae = Vae.create(model, backend, config.seed())) {
      RunFolder folder = prepare.get();
      VaeJson.write(folder.file(RunFolder.SPECIFICATION), new RunFile(model, config, source));
      TrainingReport progress =
          new TrainingReport(
              report,
              terminal,
              rows.unit(),
              config.epochs(),
              System::nanoTime,
              () -> outlier(rows.train()));
      RunRecorder recorder = new RunRecorder(folder, model, config, source, progress);
      announce();
      Trainer.Result result;
      try (Trainer trainer = vae.trainer(rows.train(), rows.test(), config, recorder)) {
        if (state != null) {
          trainer.restore(state);
          announceResume(state.clock());
        }
        stop.arm();
        result = trainer.run(stop);
        recorder.finish(trainer.state(), result.end());
        if (result.end() == Trainer.End.STOPPED) {
          progress.clear();
          return sayStopped(folder, trainer.state().clock());
        }
      } finally {
        progress.clear();
      }
      vae.setWeights(ModelFile.load(folder.file(RunFolder.MODEL)).parameters());
      RunPictures pictures = new RunPictures(folder, report);
      pictures.drawCurves();
      drawImages(vae, pictures);
      sayDone(folder, result.end(), Duration.ofNanos(System.nanoTime() - start));
      return DONE;
    }
  }

  private static String outlier(DataSet data) {
    OutlyingValue far = OutlyingValue.of(data);
    return "; the value that is the farthest from the others of its column is %s, in %s"
        .formatted(far.valueText(), far.rowText());
  }

  private void announce() {
    long parameters = new ParameterLayout(model).parameters();
    report.line("data   " + rows.describe(source));
    report.line(
        "model  %s, %s parameters".formatted(ModelText.describe(model), Numbers.count(parameters)));
    report.line("train  " + ModelText.training(config));
    report.line("ELBO = reconstruction - KL, in nats per row");
  }

  private void announceResume(TrainState.Clock clock) {
    String where =
        clock.epoch() >= config.epochs()
            ? "all of its epochs are done; --epochs N trains on"
            : "in epoch %d of %d, after %s"
                .formatted(
                    clock.epoch() + 1, config.epochs(), Numbers.plural(clock.step(), "step"));
    report.line("resumed: " + where);
  }

  private void drawImages(Vae vae, RunPictures pictures) {
    DataSet shown = rows.test() == null ? rows.train() : rows.test();
    if (config.binarize() == TrainConfig.Binarize.NONE) {
      pictures.drawImages(vae, shown, config.seed());
      return;
    }
    try (DataSet binary = DataSets.binarizeFixed(shown, config.seed())) {
      pictures.drawImages(vae, binary, config.seed());
    }
  }

  private int sayStopped(RunFolder folder, TrainState.Clock clock) {
    report.remark(
        "stopped in epoch %d of %d, after %s, and saved; go on with: ./vae4j train --out %s --resume"
            .formatted(
                clock.epoch() + 1,
                config.epochs(),
                Numbers.plural(clock.step(), "step"),
                shellWord(folder.path().toString())));
    report.object(end(folder, Trainer.End.STOPPED).put("step", clock.step()));
    return INTERRUPTED;
  }

  private void sayDone(RunFolder folder, Trainer.End end, Duration time) {
    List<EpochMetrics> epochs = folder.readMetrics();
    EpochMetrics best = best(epochs);
    String text = end == Trainer.End.EARLY_STOP ? "stopped early" : "done";
    if (best != null) {
      text +=
          ": %s %s nats after epoch %d"
              .formatted(
                  rows.test() == null ? "train ELBO" : "test ELBO",
                  Numbers.fixed(rows.test() == null ? best.trainElbo() : best.testElbo(), 2),
                  best.epoch());
    }
    report.line(text + ", in " + Numbers.time(time));
    report.line(folder.path() + ": " + String.join(", ", files(folder)));
    JsonLine json = end(folder, end).put("seconds", time.toNanos() / 1e9);
    if (best != null) {
      json.put("epoch", best.epoch())
          .put("elbo", best.trainElbo())
          .put("test_elbo", best.testElbo());
    }
    report.object(json);
  }

  /** The epoch of the saved model. */
  private @Nullable EpochMetrics best(List<EpochMetrics> epochs) {
    if (config.patience() == 0) {
      return epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
    }
    return epochs.stream().max(Comparator.comparingDouble(EpochMetrics::testElbo)).orElse(null);
  }

  private static JsonLine end(RunFolder folder, Trainer.End end) {
    return new JsonLine()
        .put("event", "end")
        .put("end", end.name().toLowerCase(Locale.ROOT))
        .put("out", folder.path().toString())
        .put("files", files(folder));
  }

  private static List<String> files(RunFolder folder) {
    return FILES.stream().filter(name -> Files.exists(folder.file(name))).toList();
  }

  /** Quotes a word for a shell. */
  private static String shellWord(String text) {
    return PLAIN_WORD.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
