// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps whose update is beyond the range of floats, and the message of a run that they end. */
class DivergenceTest {
  private static final int ROWS = 40;
  private static final int COLUMNS = 3;
  private static final int BATCH = 8;

  /** The defaults of a table: its likelihood, one layer of 400. */
  private static VaeSpec spec(int columns) {
    return VaeSpec.builder(columns).likelihood(Likelihoods.parse("gaussian-learned")).build();
  }

  private static Backend open(Kind kind) {
    return Backends.open(new BackendOptions(kind, 1, Precision.FP32));
  }

  private static DataSet oneFarCell(int row, int column, float value) {
    Matrix x = Matrix.zeros(ROWS, COLUMNS);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (float) Philox.normal(4, Stream.OBSERVATION, 0, i, 0);
    }
    x.values()[row * COLUMNS + column] = value;
    return DataSets.of(x);
  }

  /** The gradient of these rows is finite, and its square is not. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"REFERENCE", "CPU"})
  void aTableWhoseSquaredGradientOverflowsEndsWithItsColumn(Kind kind, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("wine.csv");
    Files.writeString(
        file, "alcohol,proline\n13.2,1065\n12.4,1050\n13.1,1185\n14.4,1480\n13.2,735\n14.2,1450\n");
    try (Backend backend = open(kind);
        DataSet wine = DataSets.open(file.toString());
        Trainer trainer =
            new Trainer(backend, spec(2), TrainConfig.defaults(), wine, null, TrainListener.NONE)) {
      float[] before = trainer.weights();
      Thrown.says(
          TrainingDivergedException.class,
          () -> trainer.run(() -> false),
          "training stopped at step 10: the loss, the gradient or its square was not finite in the"
              + " last 10 steps, which were skipped; the last checkpoint is kept. The row with the"
              + " worst bound",
          " is line ",
          "wine.csv, and its value that is the farthest from its column's mean is ",
          " in column proline (mean 1160.83, standard deviation 254.582",
          "Optimizer.clipNorm 1");
      assertArrayEquals(before, trainer.weights(), "skipped steps change nothing");
    }
  }

  /** Clipping scales the gradient before it is squared. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"REFERENCE", "CPU"})
  void clippingTakesTheSameTable(Kind kind) {
    Matrix wine =
        new Matrix(
            6,
            2,
            new float[] {
              13.2f, 1065, 12.4f, 1050, 13.1f, 1185, 14.4f, 1480, 13.2f, 735, 14.2f, 1450
            });
    TrainConfig.Optimizer clipped = new TrainConfig.Optimizer(1e-3, 0.9, 0.999, 1e-8, 0, false, 1);
    TrainConfig config = TrainConfig.builder().optimizer(clipped).build();
    try (Backend backend = open(kind);
        Trainer trainer =
            new Trainer(backend, spec(2), config, DataSets.of(wine), null, TrainListener.NONE)) {
      List<EpochMetrics> epochs = trainer.run(() -> false).epochs();
      assertEquals(0, epochs.get(9).skippedSteps());
      assertTrue(Double.isFinite(epochs.get(9).trainElbo()));
      trainer.state();
    }
  }

  /** The batch of one cell of 1e8 is skipped in each epoch, and the other steps train. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"REFERENCE", "CPU"})
  void oneFarCellSkipsItsBatchAndLeavesTheWeightsFinite(Kind kind) {
    TrainConfig config = TrainConfig.builder().epochs(3).batch(BATCH).build();
    try (Backend backend = open(kind);
        Trainer trainer =
            new Trainer(
                backend,
                spec(COLUMNS),
                config,
                oneFarCell(17, 1, 1e8f),
                null,
                TrainListener.NONE)) {
      List<EpochMetrics> epochs = trainer.run(() -> false).epochs();
      assertEquals(3, epochs.get(2).skippedSteps());
      assertTrue(Double.isFinite(epochs.get(2).trainElbo()));
      for (float weight : trainer.state().parameters()) {
        assertTrue(Float.isFinite(weight));
      }
    }
  }

  @Test
  void aRowBeyondTheRangeOfFloatsIsNamed() {
    TrainConfig config = TrainConfig.builder().epochs(30).batch(ROWS).build();
    try (Backend backend = open(Kind.CPU);
        Trainer trainer =
            new Trainer(
                backend,
                spec(COLUMNS),
                config,
                oneFarCell(17, 1, 1e30f),
                null,
                TrainListener.NONE)) {
      Thrown.says(
          TrainingDivergedException.class,
          () -> trainer.run(() -> false),
          "step 20",
          "the last 20 steps",
          "is row 17 of memory (counted from 0), and",
          "is 1.00000e+30 in column 1 (counted from 0) (mean 2.50000e+28");
    }
  }

  /** Weights that are set from outside are checked where a state or the weights are taken. */
  @Test
  void aStateThatIsNotFiniteIsNotGivenOut() {
    VaeSpec spec = spec(COLUMNS);
    try (Backend backend = open(Kind.REFERENCE);
        Trainer trainer =
            new Trainer(
                backend,
                spec,
                TrainConfig.defaults(),
                oneFarCell(0, 0, 1),
                null,
                TrainListener.NONE)) {
      float[] weights = trainer.weights();
      weights[0] = Float.NaN;
      trainer.setWeights(weights);
      String message = "a value of encoder.0.weight is NaN; nothing of this state is saved";
      Thrown.says(TrainingDivergedException.class, trainer::state, message, "is row 0 of");
      Thrown.says(TrainingDivergedException.class, trainer::weights, message);
    }
  }
}
