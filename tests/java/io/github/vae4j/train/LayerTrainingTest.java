// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.reference.ReferenceBackend;
import io.github.vae4j.checkpoint.Checkpoint;
import io.github.vae4j.checkpoint.DataSource;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.ParameterLayout.Place;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Optimizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dropout and normalisations in training and in evaluation. */
final class LayerTrainingTest {
  private static final int FEATURES = 6;
  private static final double MOMENTUM = 0.1;
  private static final BackendOptions REFERENCE =
      new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32);

  @TempDir private Path folder;

  private final Backend backend = new ReferenceBackend();

  @AfterEach
  void close() {
    assertEquals(0, backend.open());
    backend.close();
  }

  private static VaeSpec.Builder model(String layers) {
    return VaeSpec.builder(FEATURES).layers(Layers.parse(layers, Activation.TANH)).latent(2);
  }

  private static VaeSpec all() {
    return model("8,norm,dropout:0.2,6,layer-norm").build();
  }

  private static Matrix patterns(int rows) {
    return Patterns.of(rows, FEATURES);
  }

  private static TrainConfig config(int epochs, int batch, double rate) {
    return TrainConfig.builder()
        .epochs(epochs)
        .batch(batch)
        .objective(Objective.of(Objective.Bound.elbo(2)))
        .optimizer(new Optimizer(rate, 0.9, 0.999, 1e-8, 0, true, 5))
        .emaDecay(0.9)
        .seed(7)
        .build();
  }

  private Trainer trainer(VaeSpec spec, TrainConfig config, DataSet rows) {
    return new Trainer(backend, spec, config, rows, null, TrainListener.NONE);
  }

  /** Independent pixels have 6 ln 2 = 4.16 nats; the patterns have ln 2 + 6 H(0.1) = 2.64. */
  @Test
  void learnsThePatterns() {
    DataSet test = DataSets.of(patterns(100));
    try (Trainer trainer =
        new Trainer(
            backend,
            all(),
            config(30, 16, 1e-2),
            DataSets.of(patterns(200)),
            test,
            TrainListener.NONE)) {
      List<EpochMetrics> epochs = trainer.run(() -> false).epochs();
      double last = epochs.get(29).testElbo();
      assertTrue(last > -3.4 && last < -2.5, epochs.get(0).testElbo() + " then " + last);
    }
  }

  /** The run's state goes through a checkpoint's file, the weights through a model's. */
  @Test
  void stoppedSavedLoadedAndResumedIsTheSameRunToTheBit() {
    VaeSpec spec = all();
    TrainConfig config = config(3, 16, 1e-2);
    DataSet rows = DataSets.of(patterns(50));
    TrainState straight;
    float[] weights;
    try (Trainer trainer = trainer(spec, config, rows)) {
      trainer.run(() -> false);
      straight = trainer.state();
      weights = trainer.weights();
    }
    // 4 steps an epoch, the last of 2 rows.
    for (int steps : new int[] {0, 3, 4, 6}) {
      int[] left = {steps};
      try (Trainer trainer = trainer(spec, config, rows)) {
        trainer.run(() -> left[0]-- == 0);
        new Checkpoint(spec, config, new DataSource("rows", null, 0), trainer.state()).save(folder);
      }
      Checkpoint saved = Checkpoint.load(folder);
      assertEquals(spec, saved.model());
      try (Trainer trainer = trainer(saved.model(), saved.training(), rows)) {
        trainer.restore(saved.state());
        trainer.run(() -> false);
        TrainState resumed = trainer.state();
        assertArrayEquals(straight.parameters(), resumed.parameters());
        assertArrayEquals(straight.m(), resumed.m());
        assertArrayEquals(straight.v(), resumed.v());
        assertArrayEquals(straight.average(), resumed.average());
        assertArrayEquals(weights, trainer.weights());
      }
    }
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, spec, weights);
    assertArrayEquals(weights, ModelFile.load(file).parameters());
    assertEquals(spec, ModelFile.load(file).spec());
  }

  /** PyTorch's BatchNorm1d: momentum 0.1, the variance unbiased; a still model, three steps. */
  @Test
  void runningAveragesFollowPyTorchsRule() {
    int rows = 20;
    VaeSpec spec = model("5,norm").build();
    ParameterLayout layout = new ParameterLayout(spec);
    Matrix x = patterns(rows);
    int steps = 3;
    float[] before;
    float[] after;
    try (Trainer trainer = trainer(spec, config(steps, rows, 0), DataSets.of(x))) {
      before = trainer.weights();
      trainer.run(() -> false);
      after = trainer.weights();
    }
    double kept = Math.pow(1 - MOMENTUM, steps);
    for (int unit = 0; unit < 5; unit++) {
      double sum = 0;
      double squares = 0;
      for (int row = 0; row < rows; row++) {
        double h = hidden(layout, before, x.row(row), unit);
        sum += h;
        squares += h * h;
      }
      double mean = sum / rows;
      double unbiased = (squares - rows * mean * mean) / (rows - 1);
      assertEquals((1 - kept) * mean, value(layout, after, "encoder.1.running_mean", unit), 1e-6);
      double variance = kept + (1 - kept) * unbiased;
      assertEquals(variance, value(layout, after, "encoder.1.running_var", unit), 1e-6);
    }
  }

  /** tanh(x W + b) of one unit of the encoder's first layer. */
  private static double hidden(ParameterLayout layout, float[] weights, float[] x, int unit) {
    Place weight = layout.place("encoder.0.weight");
    double sum = value(layout, weights, "encoder.0.bias", unit);
    for (int d = 0; d < x.length; d++) {
      sum += x[d] * weights[weight.offset() + d * weight.parameter().dims().get(1) + unit];
    }
    return Math.tanh(sum);
  }

  private static double value(ParameterLayout layout, float[] weights, String name, int i) {
    return weights[layout.place(name).offset() + i];
  }

  @Test
  void aSkippedStepLeavesTheRunningAveragesAlone() {
    VaeSpec spec = model("5,norm").likelihood(Likelihoods.parse("gaussian")).build();
    Matrix huge = patterns(20);
    huge.values()[7] = 1e30f;
    try (Trainer trainer = trainer(spec, config(2, 20, 1e-2), DataSets.of(huge))) {
      float[] before = trainer.state().parameters();
      Thrown.says(
          TrainingDivergedException.class,
          () -> trainer.run(() -> false),
          "training stopped at step 2: the loss, the gradient or its square was not finite in the"
              + " last 2 steps, which were skipped; ",
          "is row 1 of memory (counted from 0)",
          "1.00000e+30 in column 1 (counted from 0)");
      assertArrayEquals(before, trainer.state().parameters());
    }
  }

  /** The average is of trained parameters; state is the run's. */
  @Test
  void anAverageOfWeightsHasTheStateOfTheRun() {
    ParameterLayout layout = new ParameterLayout(all());
    try (Trainer trainer = trainer(all(), config(2, 16, 1e-2), DataSets.of(patterns(50)))) {
      trainer.run(() -> false);
      TrainState state = trainer.state();
      float[] weights = trainer.weights();
      float[] average = Objects.requireNonNull(state.average());
      assertArrayEquals(average, Arrays.copyOf(weights, layout.trained()));
      assertFalse(Arrays.equals(average, Arrays.copyOf(state.parameters(), layout.trained())));
      assertArrayEquals(state(layout, state.parameters()), state(layout, weights));
      assertFalse(Arrays.equals(state(layout, initial()), state(layout, weights)));
    }
  }

  private static float[] state(ParameterLayout layout, float[] weights) {
    return Arrays.copyOfRange(weights, layout.trained(), layout.length());
  }

  private float[] initial() {
    try (Trainer fresh = trainer(all(), config(1, 16, 1e-2), DataSets.of(patterns(50)))) {
      return fresh.weights();
    }
  }

  /** Of each row alone: by running averages, and nothing dropped. */
  @Test
  void anEvaluatedRowDoesNotDependOnTheOthersOfItsBatch() {
    VaeSpec spec = model("5,norm,dropout:0.5").build();
    ParameterLayout layout = new ParameterLayout(spec);
    Matrix x = patterns(9);
    try (Vae vae = Vae.create(spec, REFERENCE, 7)) {
      vae.train(DataSets.of(patterns(50)), null, config(2, 16, 1e-2), TrainListener.NONE);
      Path file = folder.resolve("model.safetensors");
      vae.save(file);
      float[] weights = ModelFile.load(file).parameters();
      Matrix codes = vae.encode(DataSets.of(x)).mean();
      double[] scores = vae.score(DataSets.of(x), 3, 1).elbo();
      for (int row = 0; row < 9; row++) {
        for (int j = 0; j < 2; j++) {
          double expected = code(layout, weights, x.row(row), j);
          assertEquals(expected, codes.values()[2 * row + j], 1e-5);
        }
      }
      Matrix others = patterns(9);
      Arrays.fill(others.values(), 0, 4 * FEATURES, 1);
      Arrays.fill(others.values(), 5 * FEATURES, 9 * FEATURES, 0);
      assertArrayEquals(codes.row(4), vae.encode(DataSets.of(others)).mean().row(4));
      assertEquals(scores[4], vae.score(DataSets.of(others), 3, 1).elbo()[4]);
      Matrix alone = new Matrix(1, FEATURES, x.row(4));
      assertArrayEquals(codes.row(4), vae.encode(DataSets.of(alone)).mean().row(0));
    }
  }

  /** The posterior's mean of a row in one dimension, by plain loops. */
  private static double code(ParameterLayout layout, float[] weights, float[] x, int j) {
    double sum = value(layout, weights, "posterior.bias", j);
    for (int unit = 0; unit < 5; unit++) {
      double mean = value(layout, weights, "encoder.1.running_mean", unit);
      double variance = value(layout, weights, "encoder.1.running_var", unit);
      double normal = (hidden(layout, weights, x, unit) - mean) / Math.sqrt(variance + 1e-5);
      double scaled =
          normal * value(layout, weights, "encoder.1.weight", unit)
              + value(layout, weights, "encoder.1.bias", unit);
      sum += scaled * value(layout, weights, "posterior.weight", 4 * unit + j);
    }
    return sum;
  }

  /** In training the same rows are other rows to each step, as dropout draws anew. */
  @Test
  void dropoutDrawsAnewAtEachStepAndNeverInEvaluation() {
    VaeSpec spec = model("8,dropout:0.5").build();
    DataSet rows = DataSets.of(patterns(16));
    try (Trainer trainer = trainer(spec, config(3, 16, 0), rows);
        Trainer plain = trainer(model("8").build(), config(3, 16, 0), rows)) {
      List<EpochMetrics> dropped = trainer.run(() -> false).epochs();
      List<EpochMetrics> whole = plain.run(() -> false).epochs();
      assertFalse(dropped.get(0).trainKl() == dropped.get(1).trainKl());
      assertEquals(whole.get(0).trainKl(), whole.get(1).trainKl(), 1e-6);
      assertFalse(dropped.get(0).trainKl() == whole.get(0).trainKl());
    }
    try (Vae vae = Vae.create(spec, REFERENCE, 7)) {
      assertArrayEquals(vae.encode(rows).mean().values(), vae.encode(rows).mean().values());
    }
  }
}
