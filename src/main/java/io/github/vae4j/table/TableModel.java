// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.table;

import io.github.vae4j.Vae;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.checkpoint.CalibrationJson;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.ReferenceJson;
import io.github.vae4j.checkpoint.RunFolder;
import io.github.vae4j.data.BadRows;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.Split;
import io.github.vae4j.data.Table;
import io.github.vae4j.files.AtomicFiles;
import io.github.vae4j.infer.Calibration;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.EncodedTable;
import io.github.vae4j.schema.Features;
import io.github.vae4j.schema.Reference;
import io.github.vae4j.schema.RowEncoder.Absent;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.schema.SchemaInference;
import io.github.vae4j.schema.TrainingRows;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.train.TrainConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A trained model of tables: its weights, its schema, the calibration of its scores and the
 * distributions of its training data. It holds no backend; {@link #scorer} makes one for each
 * thread that scores.
 */
public final class TableModel {
  private final VaeSpec spec;
  private final Schema schema;
  private final float[] weights;
  private final @Nullable Calibration calibration;
  private final @Nullable Reference reference;

  private TableModel(
      VaeSpec spec,
      float[] weights,
      @Nullable Calibration calibration,
      @Nullable Reference reference) {
    this.spec = spec;
    this.schema = schemaOf(spec);
    this.weights = weights;
    this.calibration = calibration;
    this.reference = reference;
  }

  /** The schema of a model, which is one of tables. */
  static Schema schemaOf(VaeSpec spec) {
    Schema schema = spec.schema();
    if (schema == null) {
      throw new IllegalArgumentException("model: expected one of tables, with a schema");
    }
    return schema;
  }

  /**
   * Infers the schema of a table and trains a model of it. A part of the rows is held out to
   * calibrate scores.
   *
   * @param table the rows
   * @param settings the user's choices
   * @return the model
   * @throws VaeException if the table cannot be used, or the training diverged
   */
  public static TableModel train(Table table, TableTraining settings) {
    Schema schema = SchemaInference.infer(table, settings.request(), BadRows.fail(), share -> {});
    Features features = new Features(schema);
    try (Arena arena = new Arena()) {
      DataSet all =
          arena.own(
              EncodedTable.read(features, table, Absent.REFUSE, BadRows.fail(), share -> {}).set());
      @Nullable Split split =
          all.rows() < 2
              ? null
              : DataSets.split(all, TableDefaults.heldOut(all.rows()), settings.seed());
      DataSet kept = split == null ? all : split.train();
      int passes = settings.epochs() == 0 ? TableDefaults.passes(kept.rows()) : 1;
      DataSet train =
          arena.own(TrainingRows.of(features, kept, passes, settings.hidden(), settings.seed()));
      TrainConfig config = config(settings, kept.rows());
      VaeSpec spec = TableDefaults.model(features).withMaskInput(true).named(DataNames.of(train));
      try (Vae vae = Vae.create(spec, settings.backend(), settings.seed())) {
        vae.train(train, null, config, settings.listener());
        Calibration calibration =
            split == null
                ? null
                : Calibrator.of(vae, split.validation(), TableScorer.SAMPLES, Calibrator.SEED);
        Reference reference = ReferenceMaker.of(features, kept);
        return new TableModel(vae.spec(), vae.weights(), calibration, reference);
      }
    }
  }

  private static TrainConfig config(TableTraining settings, int rows) {
    TrainConfig config = TableDefaults.training(rows).toBuilder().seed(settings.seed()).build();
    return settings.epochs() == 0 ? config : config.toBuilder().epochs(settings.epochs()).build();
  }

  /**
   * Loads a model.
   *
   * @param run the folder of a run of {@code train}, or of {@link #save}
   * @return the model
   * @throws VaeException if there is no model of tables, or a file is damaged
   */
  public static TableModel load(Path run) {
    RunFolder folder = new RunFolder(run);
    ModelFile.Model model = ModelFile.load(folder.file(RunFolder.MODEL));
    if (model.spec().schema() == null) {
      throw new VaeException(run + ": its model is none of tables: it has no schema");
    }
    Path scores = folder.file(RunFolder.CALIBRATION);
    Path columns = folder.file(RunFolder.REFERENCE);
    return new TableModel(
        model.spec(),
        model.parameters(),
        Files.exists(scores) ? CalibrationJson.read(scores, model.parameters()) : null,
        Files.exists(columns) ? ReferenceJson.read(columns, model.parameters()) : null);
  }

  /**
   * Writes the model, its calibration and its reference.
   *
   * @param folder is made if there is none; files of a model in it are replaced
   * @throws VaeException if a file cannot be written
   */
  public void save(Path folder) {
    RunFolder run = new RunFolder(folder);
    Path model = run.file(RunFolder.MODEL);
    AtomicFiles.createFolderOf(model);
    ModelFile.save(model, spec, weights);
    if (calibration != null) {
      CalibrationJson.write(run.file(RunFolder.CALIBRATION), calibration, weights);
    }
    if (reference != null) {
      ReferenceJson.write(run.file(RunFolder.REFERENCE), reference, weights);
    }
  }

  /**
   * The columns of the model's tables.
   *
   * @return the schema
   */
  public Schema schema() {
    return schema;
  }

  /**
   * The calibration of the scores.
   *
   * @return null if no rows were held out, or the run has not ended
   */
  public @Nullable Calibration calibration() {
    return calibration;
  }

  /**
   * The distributions of the training data's columns, for {@link DriftMeter}.
   *
   * @return null for a model of an older version
   */
  public @Nullable Reference reference() {
    return reference;
  }

  /**
   * Opens the model on a backend, for all measures of a {@link Vae}.
   *
   * @param options the backend
   * @return the model, which the caller closes
   */
  public Vae open(BackendOptions options) {
    Vae vae = Vae.create(spec, options, 0);
    try {
      vae.setWeights(weights);
      return vae;
    } catch (RuntimeException | Error e) {
      vae.close();
      throw e;
    }
  }

  /**
   * A scorer for rows of a program on the best backend that works, with one thread for each copy of
   * the model. {@link #scorer(BackendOptions)} takes no other backend than the one that it names.
   *
   * @return the scorer, which the caller closes
   */
  public Scorer scorer() {
    return scorer(TableDefaults.scoring());
  }

  /**
   * A scorer for rows of a program.
   *
   * @param options the backend of each copy of the model
   * @return the scorer, which the caller closes
   */
  public Scorer scorer(BackendOptions options) {
    int samples = calibration == null ? TableScorer.SAMPLES : calibration.samples();
    long seed = calibration == null ? Calibrator.SEED : calibration.seed();
    return new Scorer(
        () -> {
          Vae vae = open(options);
          try {
            return new Scorer.Copy(
                new TableScorer(vae, Scorer.NAME, samples, seed, calibration), vae);
          } catch (RuntimeException | Error e) {
            vae.close();
            throw e;
          }
        });
  }
}
