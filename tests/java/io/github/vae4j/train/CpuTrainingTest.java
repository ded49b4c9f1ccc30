// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.TrainConfig.Binarize;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Training on the native backend, on real images. */
class CpuTrainingTest {
  private static Trainer.Result train(
      Kind kind, int threads, VaeSpec spec, TrainConfig config, DataSet train, DataSet test) {
    return run(kind, threads, spec, config, train, test).result;
  }

  private record Run(Trainer.Result result, TrainState state) {}

  private static Run run(
      Kind kind, int threads, VaeSpec spec, TrainConfig config, DataSet train, DataSet test) {
    try (Backend backend = Backends.open(new BackendOptions(kind, threads, Precision.FP32))) {
      Run run;
      try (Trainer trainer = new Trainer(backend, spec, config, train, test, TrainListener.NONE)) {
        run = new Run(trainer.run(() -> false), trainer.state());
      }
      assertEquals(0, backend.open());
      return run;
    }
  }

  @Test
  void followsTheReferenceStepByStep() {
    VaeSpec spec = VaeSpec.builder(784).hidden(24).latent(5).build();
    // An epoch of one batch reports each step's loss.
    TrainConfig config =
        TrainConfig.builder()
            .epochs(25)
            .batch(64)
            .objective(Objective.of(Objective.Bound.elbo(2)).withFreeBits(0.05))
            .binarize(Binarize.DYNAMIC)
            .build();
    try (DataSet mnist = DataSets.open("mnist:test")) {
      DataSet few = DataSets.head(mnist, 64);
      List<Double> expected = elbos(train(Kind.REFERENCE, 1, spec, config, few, few));
      List<Double> actual = elbos(train(Kind.CPU, 2, spec, config, few, few));
      for (int i = 0; i < expected.size(); i++) {
        double allowed = 1e-3 * Math.abs(expected.get(i));
        assertEquals(expected.get(i), actual.get(i), allowed, "number " + i);
      }
    }
  }

  private static List<Double> elbos(Trainer.Result result) {
    List<Double> elbos = new ArrayList<>();
    for (EpochMetrics epoch : result.epochs()) {
      elbos.add(epoch.trainElbo());
      elbos.add(epoch.testElbo());
    }
    return elbos;
  }

  @Test
  void sameSeedSameBits() {
    VaeSpec spec = VaeSpec.builder(784).build();
    TrainConfig config = TrainConfig.builder().epochs(1).seed(3).build();
    try (DataSet mnist = DataSets.open("mnist:test")) {
      DataSet some = DataSets.head(mnist, 3000);
      TrainState first = run(Kind.CPU, 2, spec, config, some, some).state;
      TrainState second = run(Kind.CPU, 2, spec, config, some, some).state;
      assertArrayEquals(first.parameters(), second.parameters());
      assertArrayEquals(first.m(), second.m());
      assertArrayEquals(first.v(), second.v());
      assertEquals(first.bestElbo(), second.bestElbo());
    }
  }

  @Test
  void oneEpochOfMnistGetsWhereItsPeersGet() {
    try (DataSet train = DataSets.open("mnist");
        DataSet test = DataSets.open("mnist:test")) {
      Trainer.Result result =
          train(
              Kind.CPU,
              0,
              VaeSpec.builder(784).build(),
              TrainConfig.builder().epochs(1).build(),
              train,
              test);
      double elbo = result.epochs().get(0).testElbo();
      // Peers reach -125.7 to -128.1 after one epoch.
      assertTrue(elbo > -131 && elbo < -118, "test ELBO " + elbo);
    }
  }
}
