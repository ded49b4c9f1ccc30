// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.checkpoint.CalibrationJson;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.OpenRun;
import io.github.vae4j.checkpoint.ReferenceJson;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.OutlyingValue;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Reference;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.table.Calibrator;
import io.github.vae4j.table.ReferenceMaker;
import io.github.vae4j.table.TableScorer;
import io.github.vae4j.train.DataFit;
import io.github.vae4j.train.EpochMetrics;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.TrainState;
import io.github.vae4j.train.Trainer;
import io.github.vae4j.train.TrainingDivergedException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A training run: start or resumption, training, files, pictures and report. */
public final class TrainingRun {
  private static final int DONE = 0;

  private static final List<String> FILES =
      List.of(
          RunFolder.MODEL,
          RunFolder.SPECIFICATION,
          RunFolder.METRICS,
          RunFolder.TRAINING_PICTURE,
          RunFolder.TRAINING_ANIMATION,
          RunFolder.RECONSTRUCTIONS_PICTURE,
          RunFolder.SAMPLES_PICTURE,
          RunFolder.CALIBRATION,
          RunFolder.REFERENCE,
          RunFolder.CHECKPOINT);

  /** Rows whose codes show whether a dimension is active. */
  private static final int ROWS_OF_CODES = 1000;

  private static final Pattern PLAIN_WORD = Pattern.compile("[\\w./:@%+=-]+");

  private final RunDescription about;
  private final TrainConfig config;
  private final TrainData rows;
  private final double checkpointSeconds;
  private final List<String> remarks;
  private final Report report;

  /**
   * A run that is ready to start.
   *
   * @param about the run
   * @param rows the data
   * @param checkpointSeconds between checkpoints within an epoch; 0 for none
   * @param remarks printed first
   * @param report of the run
   * @throws IllegalArgumentException if early stopping is requested and there are no test data
   */
  public TrainingRun(
      RunDescription about,
      TrainData rows,
      double checkpointSeconds,
      List<String> remarks,
      Report report) {
    this.about = about;
    this.config = about.training();
    this.rows = rows;
    this.checkpointSeconds = checkpointSeconds;
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
   * @param open opens the folder; not called if the run cannot start, so that no file is lost
   * @param from the state to continue; null for a new run
   * @param terminal shows the progress
   * @param stop ends the run after a step
   * @return the exit code
   */
  public int execute(
      BackendOptions backend,
      Supplier<OpenRun> open,
      @Nullable Continuation from,
      Terminal terminal,
      StopSignal stop) {
    DataFit.checkTraining(about.model(), rows.train(), rows.test(), config);
    remarks.forEach(report::remark);
    long start = System.nanoTime();
    try (Vae vae = Vae.create(about.model(), backend, config.seed())) {
      TrainingReport progress =
          new TrainingReport(
              report,
              terminal,
              rows.unit(),
              config.epochs(),
              System::nanoTime,
              () -> outlier(rows.train()),
              about.model());
      DataSet shown = rows.test() == null ? rows.train() : rows.test();
      TrainingFrames frames =
          new TrainingFrames(
              vae, config.epochs(), shown, config.seed(), new Printing(progress, stop));
      RunRecorder recorder =
          new RunRecorder(
              open, about, new CheckpointPace(checkpointSeconds, System::nanoTime), frames);
      Trainer.Result result;
      try (Trainer trainer = vae.trainer(rows.train(), rows.test(), config, recorder)) {
        if (from == null) {
          recorder.start(trainer.state());
        } else {
          trainer.restore(from.state());
          recorder.resume(from.state(), from.changed());
          frames.resume(
              recorder.run().folder().file(RunFolder.TRAINING_ANIMATION),
              from.state().clock().epoch());
        }
        announce(recorder.run(), from);
        stop.arm(
            text -> report.remark((terminal.interactive() ? "\n" : "") + text),
            () -> loss(recorder));
        result = train(trainer, recorder, stop);
        if (result.end() == Trainer.End.STOPPED) {
          progress.clear();
          TrainState.Clock clock = trainer.state().clock();
          if (!recorder.run().replaces()) {
            new RunPictures(recorder.run().folder(), report).drawTraining(frames);
          }
          stop.printing(() -> sayStopped(recorder.run(), clock));
          return stop.exitCode();
        }
      } finally {
        progress.clear();
      }
      stop.complete();
      RunFolder folder = recorder.run().folder();
      vae.setWeights(ModelFile.load(folder.file(RunFolder.MODEL)).parameters());
      calibrate(vae, folder);
      RunPictures pictures = new RunPictures(folder, report);
      pictures.drawCurves();
      pictures.drawTraining(frames);
      drawImages(vae, pictures);
      if (!progress.collapsed() && inactive(vae)) {
        report.remark(Collapse.remark(about.model()));
      }
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      EpochMetrics best = best(folder.readMetrics(), recorder.bestElbo());
      stop.printing(() -> sayDone(folder, result.end(), best, time));
      return DONE;
    }
  }

  /** Whether no dimension is active on the first rows of the evaluation. */
  private boolean inactive(Vae vae) {
    DataSet all = rows.test() == null ? rows.train() : rows.test();
    if (all.rows() < 2 || config.binarize() != TrainConfig.Binarize.NONE) {
      return false;
    }
    try (DataSet some = DataSets.head(all, Math.min(all.rows(), ROWS_OF_CODES))) {
      return vae.evaluate(some).activeUnits() == 0;
    }
  }

  private static String outlier(DataSet data) {
    OutlyingValue far = OutlyingValue.of(data);
    return String.format(
        Locale.ROOT,
        "; the value that is the farthest from the others of its column is %s, in %s",
        far.valueText(),
        far.rowText());
  }

  /** Prints progress; a reader that does not read must not keep a signal from ending the run. */
  private record Printing(TrainListener progress, StopSignal stop) implements TrainListener {
    @Override
    public void onProgress(Progress now) {
      stop.printing(() -> progress.onProgress(now));
    }

    @Override
    public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
      stop.printing(() -> progress.onEpoch(metrics, state));
    }
  }

  private Trainer.Result train(Trainer trainer, RunRecorder recorder, StopSignal stop) {
    try {
      Trainer.Result result = trainer.run(stop);
      recorder.finish(trainer.state(), result.end());
      return result;
    } catch (TrainingDivergedException e) {
      sayReplaced(recorder.run());
      throw e;
    } catch (RuntimeException e) {
      recorder.rescue(trainer, e);
      sayEndedEarly(recorder);
      throw e;
    } catch (VirtualMachineError | LinkageError e) {
      // Its state is not saved once more: that takes memory, or classes.
      sayEndedEarly(recorder);
      throw e;
    }
  }

  private void sayEndedEarly(RunRecorder recorder) {
    TrainState.Clock saved = recorder.saved();
    if (!sayReplaced(recorder.run()) && saved != null) {
      report.remark("ended early; saved " + where(saved) + "; " + goOn(recorder.run().folder()));
    }
  }

  private boolean sayReplaced(OpenRun run) {
    if (run.replaces()) {
      report.remark("ended before its first checkpoint; the run that was there is as it was");
    }
    return run.replaces();
  }

  private static String where(TrainState.Clock clock) {
    return where(clock, "");
  }

  private static String where(TrainState.Clock clock, String ofEpochs) {
    return String.format(
        Locale.ROOT,
        "in epoch %d%s, after %s",
        clock.epoch() + 1,
        ofEpochs,
        Numbers.plural(clock.step(), "step"));
  }

  private static String loss(RunRecorder recorder) {
    TrainState.Clock saved = recorder.saved();
    return saved == null || recorder.run().replaces()
        ? "all steps so far"
        : "the steps since the checkpoint " + where(saved);
  }

  private static String goOn(RunFolder folder) {
    return "go on with: ./vae4j train --out " + shellWord(folder.path().toString()) + " --resume";
  }

  private void announce(OpenRun run, @Nullable Continuation from) {
    if (run.remark() != null) {
      report.remark(run.remark());
    }
    VaeSpec model = about.model();
    long parameters = new ParameterLayout(model).parameters();
    report.line("data   " + rows.describe(about.source()));
    if (model.names().classes() != null) {
      ModelText.names(new DataNames(null, null, model.names().classes())).forEach(report::line);
    }
    report.line(
        String.format(
            Locale.ROOT,
            "model  %s, %s parameters",
            ModelText.describe(model),
            Numbers.count(parameters)));
    report.line("train  " + ModelText.training(config));
    report.line("ELBO = reconstruction - KL, in nats per row");
    if (from != null) {
      announceResume(from.state());
    }
  }

  private void announceResume(TrainState state) {
    TrainState.Clock clock = state.clock();
    String where = where(clock, " of " + config.epochs());
    if (clock.epoch() >= config.epochs()) {
      where = "all of its epochs are done; --epochs N trains on";
    } else if (config.patience() > 0 && state.epochsSinceBest() >= config.patience()) {
      where =
          String.format(
              Locale.ROOT,
              "no better test ELBO for %s; a greater --patience trains on",
              Numbers.plural(state.epochsSinceBest(), "epoch"));
    }
    report.line("resumed: " + where);
  }

  /** The scores of held-out rows and the columns of the others are the measure of later tables. */
  private void calibrate(Vae vae, RunFolder folder) {
    Schema schema = about.model().schema();
    if (schema == null) {
      return;
    }
    if (rows.test() != null) {
      Calibration scores = Calibrator.of(vae, rows.test(), TableScorer.SAMPLES, Calibrator.SEED);
      CalibrationJson.write(folder.file(RunFolder.CALIBRATION), scores, vae.weights());
    }
    Reference reference = ReferenceMaker.of(new Features(schema), rows.plain());
    ReferenceJson.write(folder.file(RunFolder.REFERENCE), reference, vae.weights());
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

  private void sayStopped(OpenRun run, TrainState.Clock clock) {
    RunFolder folder = run.folder();
    if (!sayReplaced(run)) {
      String where = where(clock, " of " + config.epochs());
      report.remark("stopped " + where + ", and saved; " + goOn(folder));
    }
    report.object(end(folder, Trainer.End.STOPPED).put("step", clock.step()));
  }

  private void sayDone(
      RunFolder folder, Trainer.End end, @Nullable EpochMetrics best, Duration time) {
    String text = end == Trainer.End.EARLY_STOP ? "stopped early" : "done";
    if (best != null) {
      text +=
          String.format(
              Locale.ROOT,
              ": %s %s nats after epoch %d",
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
  private @Nullable EpochMetrics best(List<EpochMetrics> epochs, double bestElbo) {
    for (int i = epochs.size() - 1; i >= 0; i--) {
      if (config.patience() == 0 || epochs.get(i).testElbo() == bestElbo) {
        return epochs.get(i);
      }
    }
    return null;
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
