// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.backend.cuda.EmulatedDevice;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each family of posteriors and priors trains on CUDA as it does on the CPU. */
@Tag("cuda")
@ExtendWith(EmulatedDevice.class)
final class CudaLatentTest {
  static List<VaeSpec> families() {
    VaeSpec.Builder small = VaeSpec.builder(784).hidden(16).latent(5).activation(Activation.TANH);
    return List.of(
        small.posterior(Posterior.parse("planar:2")).build(),
        small.posterior(Posterior.FULL).prior(Prior.parse("mog:3")).build(),
        small.posterior(Posterior.DIAGONAL).prior(Prior.parse("vamp:4")).build(),
        small.prior(Prior.STANDARD).top(3, 6).build());
  }

  @ParameterizedTest
  @MethodSource("families")
  void followsTheCpu(VaeSpec spec) {
    EpochMetrics expected = train(Kind.CPU, spec);
    EpochMetrics given = train(Kind.CUDA, spec);
    double allowed = 1e-4 * Math.abs(expected.trainElbo());
    assertEquals(expected.trainElbo(), given.trainElbo(), allowed);
    assertEquals(expected.trainKl(), given.trainKl(), allowed);
    assertEquals(expected.testElbo(), given.testElbo(), allowed);
  }

  private static EpochMetrics train(Kind kind, VaeSpec spec) {
    Objective objective = Objective.of(Objective.Bound.elbo(2));
    TrainConfig config = TrainConfig.builder().epochs(2).batch(16).objective(objective).build();
    try (DataSet mnist = DataSets.open("mnist:test");
        Backend backend = Backends.open(new BackendOptions(kind, 0, Precision.FP32))) {
      DataSet rows = DataSets.head(mnist, 40);
      DataSet test = DataSets.head(mnist, 10);
      try (Trainer trainer = new Trainer(backend, spec, config, rows, test, TrainListener.NONE)) {
        return trainer.run(() -> false).epochs().get(1);
      }
    }
  }
}
