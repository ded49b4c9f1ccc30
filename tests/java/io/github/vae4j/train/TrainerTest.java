// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.OtherReads;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Binarize;
import io.github.vae4j.train.TrainConfig.LearningRate;
import io.github.vae4j.train.TrainConfig.Optimizer;
import io.github.vae4j.train.Trainer.End;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainerTest {
  private static final int FEATURES = 6;

  private Backend backend;

  @BeforeEach
  void open() {
    backend = Backends.open(new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32));
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertEquals(0, backend.open());
    backend.close();
  }

  private static VaeSpec spec() {
    return VaeSpec.builder(FEATURES).hidden(8).latent(2).activation(Activation.TANH).build();
  }

  private static DataSet patterns(int rows) {
    return DataSets.of(Patterns.of(rows, FEATURES));
  }

  private static TrainConfig config(int epochs, int batch) {
    return TrainConfig.builder()
        .epochs(epochs)
        .batch(batch)
        .objective(
            Objective.of(Objective.Bound.elbo(2))
                .withBeta(1, Objective.Warmup.linear(1.5))
                .withFreeBits(0.01))
        .optimizer(new Optimizer(1e-2, 0.9, 0.999, 1e-8, 1e-3, true, 1))
        .schedule(new LearningRate(LearningRate.Shape.COSINE, 3, 1, 0.1))
        .seed(7)
        .emaDecay(0.9)
        .build();
  }

  private static BooleanSupplier after(int steps) {
    int[] left = {steps};
    return () -> left[0]-- == 0;
  }

  private static void assertSameBits(TrainState expected, TrainState actual) {
    assertArrayEquals(bits(expected.parameters()), bits(actual.parameters()));
    assertArrayEquals(bits(expected.m()), bits(actual.m()));
    assertArrayEquals(bits(expected.v()), bits(actual.v()));
    assertArrayEquals(bits(expected.average()), bits(actual.average()));
    assertArrayEquals(expected.adam(), actual.adam());
    assertEquals(expected.clock().step(), actual.clock().step());
    assertEquals(expected.clock().epoch(), actual.clock().epoch());
    assertEquals(expected.clock().position(), actual.clock().position());
    assertArrayEquals(expected.clock().sums(), actual.clock().sums());
    assertEquals(expected.bestElbo(), actual.bestElbo());
  }

  private static int[] bits(float @Nullable [] values) {
    if (values == null) {
      return new int[0];
    }
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  private Trainer trainer(TrainConfig config, DataSet train, @Nullable DataSet test) {
    return new Trainer(backend, spec(), config, train, test, TrainListener.NONE);
  }

  @Test
  void learnsThePatterns() {
    try (Trainer trainer = trainer(config(30, 16), patterns(200), patterns(50))) {
      Trainer.Result result = trainer.run(() -> false);
      assertEquals(End.COMPLETE, result.end());
      List<EpochMetrics> epochs = result.epochs();
      assertEquals(30, epochs.size());
      double first = epochs.get(0).testElbo();
      double last = epochs.get(29).testElbo();
      // Independent pixels have 6 ln 2 = 4.16 nats; the patterns have ln 2 + 6 H(0.1) = 2.64.
      assertTrue(first < -4 && last > -3.2 && last < -2.5, first + " then " + last);
      EpochMetrics metrics = epochs.get(29);
      assertEquals(metrics.trainReconstruction() - metrics.trainKl(), metrics.trainElbo(), 1e-12);
      assertEquals(30L * 13, metrics.step());
    }
  }

  @Test
  void stoppedSavedAndResumedIsTheSameRunToTheBit() {
    TrainConfig config = config(4, 16);
    DataSet data = patterns(100);
    List<EpochMetrics> whole = new ArrayList<>();
    TrainState straight;
    try (Trainer trainer = trainer(config, data, patterns(20))) {
      whole.addAll(trainer.run(() -> false).epochs());
      straight = trainer.state();
    }
    // 7 steps an epoch: stops in the middle of epochs, on their borders and at the start.
    for (int steps : new int[] {0, 1, 6, 7, 10, 21, 27}) {
      TrainState saved;
      List<EpochMetrics> parts = new ArrayList<>();
      try (Trainer trainer = trainer(config, data, patterns(20))) {
        Trainer.Result stopped = trainer.run(after(steps));
        assertEquals(End.STOPPED, stopped.end());
        parts.addAll(stopped.epochs());
        saved = trainer.state();
        assertEquals(steps, saved.clock().step());
      }
      try (Trainer trainer = trainer(config, data, patterns(20))) {
        trainer.restore(saved);
        parts.addAll(trainer.run(() -> false).epochs());
        assertSameBits(straight, trainer.state());
      }
      for (int i = 0; i < whole.size(); i++) {
        assertEquals(whole.get(i).trainElbo(), parts.get(i).trainElbo(), "epoch " + i);
        assertEquals(whole.get(i).testElbo(), parts.get(i).testElbo(), "epoch " + i);
      }
    }
  }

  @Test
  void aSnapshotDoesNotDisturbTheRun() {
    TrainConfig config = config(3, 16);
    TrainState undisturbed;
    try (Trainer trainer = trainer(config, patterns(100), null)) {
      trainer.run(() -> false);
      undisturbed = trainer.state();
    }
    try (Trainer trainer = trainer(config, patterns(100), null)) {
      trainer.run(
          () -> {
            trainer.state();
            return false;
          });
      assertSameBits(undisturbed, trainer.state());
    }
  }

  @Test
  void streamedRowsTrainToTheSameBitsAsResidentOnes() {
    TrainConfig config = config(2, 16).toBuilder().binarize(Binarize.DYNAMIC).build();
    TrainState resident;
    try (Trainer trainer = trainer(config, patterns(100), null)) {
      trainer.run(() -> false);
      resident = trainer.state();
    }
    try (Trainer trainer = trainer(config, OtherReads.streamed(patterns(100)), null)) {
      trainer.run(() -> false);
      assertSameBits(resident, trainer.state());
    }
  }

  @Test
  void aBatchLargerThanTheDataIsAllOfIt() {
    try (Trainer trainer = trainer(config(3, 1000), patterns(10), null)) {
      Trainer.Result result = trainer.run(() -> false);
      assertEquals(3, result.epochs().get(2).step());
      assertTrue(Double.isNaN(result.epochs().get(2).testElbo()));
    }
  }

  @Test
  void stopsWhenTheTestElboNoLongerImproves() {
    TrainConfig frozen =
        TrainConfig.builder().epochs(50).batch(16).optimizer(Optimizer.adam(0)).patience(3).build();
    try (Trainer trainer = trainer(frozen, patterns(40), patterns(20))) {
      Trainer.Result result = trainer.run(() -> false);
      assertEquals(End.EARLY_STOP, result.end());
      assertEquals(4, result.epochs().size());
    }
  }

  @Test
  void stopsWithAReasonWhenNothingIsFinite() {
    VaeSpec spec =
        VaeSpec.builder(FEATURES)
            .hidden(4)
            .latent(2)
            .likelihood(Likelihoods.parse("gaussian"))
            .build();
    Matrix huge = Matrix.zeros(200, FEATURES);
    java.util.Arrays.fill(huge.values(), 1e30f);
    List<EpochMetrics> seen = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void onEpoch(EpochMetrics metrics, Supplier<TrainState> state) {
            seen.add(metrics);
          }
        };
    try (Trainer trainer =
        new Trainer(backend, spec, config(5, 8), DataSets.of(huge), null, listener)) {
      float[] before = trainer.weights();
      Thrown.says(TrainingDivergedException.class, () -> trainer.run(() -> false), "not finite");
      assertArrayEquals(bits(before), bits(trainer.weights()), "skipped steps change nothing");
    }
    assertEquals(List.of(), seen);
  }

  @Test
  void refusesDataThatDoesNotFitBeforeTraining() {
    Thrown.says(
        VaeException.class,
        () -> trainer(config(1, 8), DataSets.of(Matrix.zeros(5, 3)), null),
        "rows of 3 values",
        "made for 6");
    Matrix outside = Matrix.zeros(5, FEATURES);
    outside.values()[3 * FEATURES + 2] = 1.5f;
    Thrown.says(
        VaeException.class,
        () -> trainer(config(1, 8), DataSets.of(outside), null),
        "row 3, column 2 (counted from 0) is 1.5");
  }
}
