// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.checkpoint.RunFile;
import io.github.vae4j.checkpoint.VaeJson;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.data.Npy;
import io.github.vae4j.data.OpenOptions;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mask of missing values as further inputs of the encoder. */
class MaskInputTest {
  private static final int ROWS = 2000;
  private static final int COLUMNS = 6;
  private static final double SIGMA = 0.5;

  /** x = z + sigma noise in every column; 30 % of the values are missing. */
  private static Matrix values() {
    Matrix x = Matrix.zeros(ROWS, COLUMNS);
    for (int row = 0; row < ROWS; row++) {
      double z = Philox.normal(1, Stream.PRIOR, 0, row, 0);
      for (int d = 0; d < COLUMNS; d++) {
        x.values()[row * COLUMNS + d] =
            (float) (z + SIGMA * Philox.normal(1, Stream.OBSERVATION, 0, row, d));
      }
    }
    return x;
  }

  private static Matrix mask() {
    Matrix mask = Matrix.zeros(ROWS, COLUMNS);
    for (int i = 0; i < mask.values().length; i++) {
      boolean there = Philox.uniform(2, Stream.OBSERVATION, 0, i / COLUMNS, i % COLUMNS) >= 0.3;
      mask.values()[i] = there ? 1 : 0;
    }
    return mask;
  }

  /** The mean over rows of the exact log density of the observed values. */
  private static double exact(Matrix x, Matrix mask) {
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      int count = 0;
      double total = 0;
      double squares = 0;
      for (int d = 0; d < COLUMNS; d++) {
        if (mask.at(row, d) == 1) {
          count++;
          total += x.at(row, d);
          squares += (double) x.at(row, d) * x.at(row, d);
        }
      }
      double variance = SIGMA * SIGMA;
      sum -=
          (count * Math.log(2 * Math.PI * variance)
                  + Math.log(1 + count / variance)
                  + (squares - total * total / (variance + count)) / variance)
              / 2;
    }
    return sum / ROWS;
  }

  private static VaeSpec spec(boolean maskInput) {
    return VaeSpec.builder(COLUMNS)
        .hidden(32)
        .latent(1)
        .likelihood(Likelihoods.parse("gaussian:sigma=" + SIGMA))
        .maskInput(maskInput)
        .build();
  }

  private static Vae trained(boolean maskInput, DataSet data) {
    TrainConfig config =
        TrainConfig.builder()
            .epochs(60)
            .batch(100)
            .optimizer(TrainConfig.Optimizer.adam(5e-3))
            .schedule(new TrainConfig.LearningRate(TrainConfig.LearningRate.Shape.COSINE, 0, 1, 0))
            .build();
    Vae vae =
        Vae.create(
            spec(maskInput), new BackendOptions(BackendOptions.Kind.CPU, 1, Precision.FP32), 1);
    vae.train(data, null, config, TrainListener.NONE);
    return vae;
  }

  @Test
  void theMaskClosesTheGapToTheExactDensity() {
    Matrix x = values();
    Matrix mask = mask();
    double exact = exact(x, mask);
    DataSet data = DataViews.masked(DataSets.of(x), DataSets.of(mask));
    try (Vae with = trained(true, data);
        Vae without = trained(false, data)) {
      double seen = with.evaluate(data, 20, 0).elbo();
      double blind = without.evaluate(data, 20, 0).elbo();
      String numbers = "exact %s, with the mask %s, without %s".formatted(exact, seen, blind);
      assertTrue(seen < exact + 0.03 && seen > exact - 0.1, numbers);
      assertTrue(blind < seen - 0.15, numbers);
      assertTrue(with.measure().logLikelihood(data, 50, 0).mean() > seen, numbers);
      // Rows without a missing value have a mask of ones.
      DataSet whole = DataSets.of(x);
      DataSet ones = DataViews.masked(whole, DataSets.of(ones()));
      assertArrayEquals(
          with.encode(ones).mean().values(), with.encode(whole).mean().values(), 1e-6f);
      DataSet few = DataSets.head(data, 50);
      double gap = with.measure().optimize(few, InferenceConfig.defaults()).gap().gap();
      assertTrue(gap >= 0 && gap < 0.2, "gap " + gap);
    }
  }

  /** The mask is made of the values, wherever they are: in memory or in a file. */
  @Test
  void streamedRowsTrainToTheBitsOfResidentOnes(@TempDir Path folder) {
    Path file = folder.resolve("rows.npy");
    Matrix x = values();
    Matrix mask = mask();
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = mask.values()[i] == 1 ? x.values()[i] : Float.NaN;
    }
    Npy.write(file, x);
    TrainConfig config = TrainConfig.builder().epochs(2).batch(96).seed(5).build();
    for (BackendOptions.Kind kind :
        List.of(BackendOptions.Kind.REFERENCE, BackendOptions.Kind.CPU)) {
      List<float[]> weights = new ArrayList<>();
      List<List<EpochMetrics>> epochs = new ArrayList<>();
      for (long bytes : new long[] {0, 1 << 24}) {
        try (DataSet rows =
                DataSets.open(file.toString(), new OpenOptions(bytes).withMissing(true));
            Vae vae = Vae.create(spec(true), new BackendOptions(kind, 2, Precision.FP32), 1)) {
          assertEquals(bytes > 0, rows.resident());
          DataSet test = DataSets.head(rows, 300);
          List<EpochMetrics> own = vae.train(rows, test, config, TrainListener.NONE).epochs();
          epochs.add(own);
          weights.add(vae.weights());
        }
      }
      assertArrayEquals(weights.get(0), weights.get(1));
      for (int epoch = 0; epoch < 2; epoch++) {
        EpochMetrics streamed = epochs.get(0).get(epoch);
        EpochMetrics resident = epochs.get(1).get(epoch);
        assertEquals(resident.trainElbo(), streamed.trainElbo());
        assertEquals(resident.testElbo(), streamed.testElbo());
      }
    }
  }

  private static Matrix ones() {
    Matrix ones = Matrix.zeros(ROWS, COLUMNS);
    Arrays.fill(ones.values(), 1);
    return ones;
  }

  @Test
  void theSpecificationKeepsIt(@TempDir Path folder) {
    Path file = folder.resolve("vae.json");
    for (boolean maskInput : new boolean[] {true, false}) {
      VaeJson.write(file, new RunFile(spec(maskInput), null, null));
      assertEquals(spec(maskInput), VaeJson.read(file).model());
    }
    assertEquals(2 * COLUMNS, spec(true).encoderInputs());
    assertEquals(COLUMNS, spec(false).encoderInputs());
  }

  @Test
  void pseudoInputsHaveNoMask() {
    Thrown.says(
        IllegalArgumentException.class,
        () -> VaeSpec.builder(3).prior(Prior.parse("vamp:2")).maskInput(true).build(),
        "maskInput: expected a prior other than vamp");
  }
}
