// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Optimizer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small net trained with each kind of observation model follows the CPU. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class CudaLikelihoodTrainingTest {
  private static final int ROWS = 96;
  private static final int FEATURES = 12;
  private static final int STEPS = 30;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gaussian-shared",
        "gaussian-optimal",
        "negative-binomial",
        "multinomial",
        "composite:0-3=gaussian-optimal;4-7=negative-binomial;8-9=categorical:levels=9;"
            + "10-=gaussian-shared"
      })
  void followsTheCpu(String likelihood) {
    List<Double> expected = losses(likelihood, Kind.CPU);
    assertEquals(STEPS, expected.size());
    assertTrue(expected.get(STEPS - 1) < expected.get(0), () -> "no training: " + expected);
    StepLosses.assertFollows(expected, losses(likelihood, Kind.CUDA), 1e-4);
  }

  private static List<Double> losses(String likelihood, Kind kind) {
    VaeSpec spec =
        VaeSpec.builder(FEATURES)
            .hidden(16)
            .latent(2)
            .likelihood(Likelihoods.parse(likelihood))
            .build();
    TrainConfig config =
        TrainConfig.builder().epochs(20).batch(32).optimizer(Optimizer.adam(1e-2)).build();
    try (DataSet counts = DataSets.of(counts())) {
      return StepLosses.of(
          new BackendOptions(kind, 0, Precision.FP32), spec, config, counts, STEPS);
    }
  }

  /** Counts of 0 to 8, which are levels and real values too, of rows of two kinds. */
  private static Matrix counts() {
    Random random = new Random(2);
    Matrix x = Matrix.zeros(ROWS, FEATURES);
    for (int i = 0; i < x.values().length; i++) {
      boolean high = (i / FEATURES + i) % 2 == 0;
      x.values()[i] = high ? 2 + random.nextInt(7) : random.nextInt(3);
    }
    return x;
  }
}
