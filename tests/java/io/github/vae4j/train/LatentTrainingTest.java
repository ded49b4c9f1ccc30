// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Sampling;
import io.github.vae4j.Thrown;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Optimizer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each family of posteriors and priors is trained, stopped and resumed, on the cpu backend. */
final class LatentTrainingTest {
  private static final int FEATURES = 6;
  private static final BackendOptions CPU =
      new BackendOptions(BackendOptions.Kind.CPU, 1, Precision.FP32);

  private final Backend backend = Backends.open(CPU);

  @AfterEach
  void close() {
    assertEquals(0, backend.open());
    backend.close();
  }

  private static VaeSpec.Builder small() {
    return VaeSpec.builder(FEATURES).hidden(12).latent(2).activation(Activation.TANH);
  }

  static List<VaeSpec> families() {
    return List.of(
        small().posterior(Posterior.parse("planar:3")).build(),
        small().posterior(Posterior.FULL).build(),
        small().prior(Prior.parse("mog:3")).build(),
        small().prior(Prior.parse("vamp:4")).build(),
        small().top(2, 8).build());
  }

  private static DataSet patterns(int rows) {
    return DataSets.of(Patterns.of(rows, FEATURES));
  }

  private static TrainConfig config(int epochs, Objective.Bound bound) {
    return TrainConfig.builder()
        .epochs(epochs)
        .batch(16)
        .objective(Objective.of(bound))
        .optimizer(new Optimizer(1e-2, 0.9, 0.999, 1e-8, 0, true, 5))
        .seed(7)
        .build();
  }

  /** Independent pixels have 6 ln 2 = 4.16 nats; the patterns have ln 2 + 6 H(0.1) = 2.64. */
  @ParameterizedTest
  @MethodSource("families")
  void learnsThePatterns(VaeSpec spec) {
    for (Objective.Bound bound : List.of(Objective.Bound.elbo(2), Objective.Bound.iwae(3))) {
      try (Trainer trainer =
          new Trainer(
              backend, spec, config(30, bound), patterns(200), patterns(100), TrainListener.NONE)) {
        List<EpochMetrics> epochs = trainer.run(() -> false).epochs();
        double first = epochs.get(0).testElbo();
        double last = epochs.get(29).testElbo();
        assertTrue(first < -3.9 && last > -3.2 && last < -2.5, first + " then " + last);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void stoppedAndResumedIsTheSameRunToTheBit(VaeSpec spec) {
    TrainConfig config = config(3, Objective.Bound.elbo(2));
    DataSet data = patterns(50);
    TrainState straight;
    try (Trainer trainer = new Trainer(backend, spec, config, data, null, TrainListener.NONE)) {
      trainer.run(() -> false);
      straight = trainer.state();
    }
    // 4 steps an epoch, the last of them smaller.
    for (int steps : new int[] {0, 3, 4, 6}) {
      TrainState saved;
      int[] left = {steps};
      try (Trainer trainer = new Trainer(backend, spec, config, data, null, TrainListener.NONE)) {
        trainer.run(() -> left[0]-- == 0);
        saved = trainer.state();
      }
      try (Trainer trainer = new Trainer(backend, spec, config, data, null, TrainListener.NONE)) {
        trainer.restore(saved);
        trainer.run(() -> false);
        assertArrayEquals(straight.parameters(), trainer.state().parameters());
        assertArrayEquals(straight.m(), trainer.state().m());
        assertArrayEquals(straight.v(), trainer.state().v());
      }
    }
  }

  /** The trainer's and the facade's pseudo-inputs are rows, all of them different ones. */
  @Test
  void pseudoInputsStartAsRowsOfTheData() {
    VaeSpec spec = small().prior(Prior.parse("vamp:4")).build();
    ParameterLayout layout = new ParameterLayout(spec);
    ParameterLayout.Place place = layout.place(ParameterLayout.PSEUDO_INPUTS);
    Matrix rows = Matrix.zeros(5, FEATURES);
    for (int i = 0; i < 5 * FEATURES; i++) {
      rows.values()[i] = i / 100f;
    }
    TrainConfig still =
        config(1, Objective.Bound.elbo(1)).toBuilder().optimizer(Optimizer.adam(0)).build();
    float[] weights;
    try (Trainer trainer =
        new Trainer(backend, spec, still, DataSets.of(rows), null, TrainListener.NONE)) {
      weights = trainer.weights();
    }
    Set<Integer> seen = new HashSet<>();
    for (int k = 0; k < 4; k++) {
      int row = Math.round(weights[place.offset() + k * FEATURES] * 100 / FEATURES);
      for (int d = 0; d < FEATURES; d++) {
        float given = weights[place.offset() + k * FEATURES + d];
        assertEquals(rows.values()[row * FEATURES + d], given);
      }
      seen.add(row);
    }
    assertEquals(4, seen.size());
    try (Vae vae = Vae.create(spec, CPU, still.seed())) {
      vae.train(DataSets.of(rows), null, still, TrainListener.NONE);
      vae.train(patterns(10), null, still, TrainListener.NONE);
      try (Trainer trainer = vae.trainer(DataSets.of(rows), null, still, TrainListener.NONE)) {
        Matrix expected = vae.sample(Sampling.of(20).seed(1));
        vae.setWeights(trainer.weights());
        assertArrayEquals(expected.values(), vae.sample(Sampling.of(20).seed(1)).values());
      }
    }
  }

  @Test
  void objectivesThatNeedTheClosedFormAreRefused() {
    VaeSpec spec = small().prior(Prior.parse("mog:3")).build();
    Objective elbo = Objective.elbo();
    check(spec, elbo.withFreeBits(0.5), "freeBits: expected 0", "prior mog:3", "given 0.5");
    check(
        spec, elbo.withCapacity(new Objective.Capacity(3, 1)), "capacity: expected 0", "given 3.0");
    Objective.Bound doubly = Objective.Bound.iwae(2).by(Estimator.DOUBLY_REPARAMETERIZED);
    check(
        small().top(2).build(),
        Objective.of(doubly),
        "gradient: expected analytic (then estimated) or sampled",
        "a second stochastic layer",
        "given dreg");
  }

  private void check(VaeSpec spec, Objective objective, String... parts) {
    TrainConfig config = TrainConfig.builder().objective(objective).build();
    Thrown.says(
        IllegalArgumentException.class,
        () -> new Trainer(backend, spec, config, patterns(4), null, TrainListener.NONE),
        parts);
  }
}
