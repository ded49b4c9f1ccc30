// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.infer.AnnealOptions;
import io.github.vae4j.infer.InferenceConfig;
import io.github.vae4j.model.LatentUse;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each use accepts or refuses each family as {@link LatentUse} decides. */
final class LatentUseTest {
  private static final Set<LatentUse> ALL = EnumSet.allOf(LatentUse.class);

  /** The uses of a posterior other than a diagonal Gaussian. */
  private static final Set<LatentUse> OF_ANY_POSTERIOR =
      EnumSet.of(LatentUse.MAXIMUM_MEAN_DISCREPANCY, LatentUse.ANNEALING);

  /** The uses of a prior other than the standard normal. */
  private static final Set<LatentUse> OF_ANY_PRIOR =
      EnumSet.of(LatentUse.TOTAL_CORRELATION, LatentUse.AGGREGATION);

  private static final Map<LatentUse, Objective> OBJECTIVES =
      Map.of(
          LatentUse.FREE_BITS, Objective.elbo().withFreeBits(0.1),
          LatentUse.CAPACITY, Objective.elbo().withCapacity(new Objective.Capacity(2, 1)),
          LatentUse.DOUBLY_REPARAMETERIZED,
              Objective.of(Objective.Bound.iwae(2).by(Estimator.DOUBLY_REPARAMETERIZED)),
          LatentUse.TOTAL_CORRELATION, Objective.elbo().withPenalties(0, 1),
          LatentUse.MAXIMUM_MEAN_DISCREPANCY, Objective.elbo().withPenalties(1, 0));

  private static VaeSpec.Builder small() {
    return VaeSpec.builder(4).hidden(5).latent(2).activation(Activation.TANH);
  }

  static List<Arguments> families() {
    Set<LatentUse> none = EnumSet.noneOf(LatentUse.class);
    return List.of(
        Arguments.of(small().build(), ALL),
        Arguments.of(small().posterior(Posterior.FULL).build(), OF_ANY_POSTERIOR),
        Arguments.of(small().posterior(Posterior.parse("planar:2")).build(), OF_ANY_POSTERIOR),
        Arguments.of(small().prior(Prior.parse("mog:2")).build(), OF_ANY_PRIOR),
        Arguments.of(small().prior(Prior.parse("vamp:2")).build(), OF_ANY_PRIOR),
        Arguments.of(small().top(2, 3).build(), OF_ANY_PRIOR),
        Arguments.of(small().posterior(Posterior.FULL).prior(Prior.parse("mog:2")).build(), none));
  }

  private static DataSet rows() {
    Matrix x = Matrix.zeros(8, 4);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = i * 7 % 5 / 4f;
    }
    return DataSets.of(x);
  }

  @ParameterizedTest
  @MethodSource("families")
  void takesAndRefuses(VaeSpec spec, Set<LatentUse> taken) {
    BackendOptions where = new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32);
    try (DataSet data = rows();
        Vae vae = Vae.create(spec, where, 0)) {
      for (LatentUse use : LatentUse.values()) {
        assertEquals(taken.contains(use), use.takes(spec.latents()), use.name());
        if (taken.contains(use)) {
          assertDoesNotThrow(() -> ask(use, vae, data), use.name());
        } else {
          String message =
              String.valueOf(
                  assertThrows(RuntimeException.class, () -> ask(use, vae, data), use.name())
                      .getMessage());
          assertTrue(message.contains(": expected "), message);
        }
      }
    }
  }

  private static void ask(LatentUse use, Vae vae, DataSet data) {
    switch (use) {
      case ANNEALING -> vae.measure().annealedLogLikelihood(data, new AnnealOptions(1, 2, 1), 0);
      case INFORMATION -> vae.measure().information(data, 3, 0);
      case OPTIMIZATION -> vae.measure().optimize(data, InferenceConfig.defaults());
      case PROPOSALS -> use.require("proposals", vae.spec().latents());
      case AGGREGATION -> vae.measure().aggregatePosterior(data, 1, 0);
      default -> {
        TrainConfig config =
            TrainConfig.builder()
                .epochs(1)
                .batch(4)
                .objective(Objects.requireNonNull(OBJECTIVES.get(use)))
                .build();
        vae.train(data, null, config, TrainListener.NONE);
      }
    }
  }

  @Test
  void everyUseIsAskedFor() {
    List<LatentUse> trained = new ArrayList<>(ALL);
    trained.removeAll(
        List.of(
            LatentUse.ANNEALING,
            LatentUse.INFORMATION,
            LatentUse.OPTIMIZATION,
            LatentUse.AGGREGATION,
            LatentUse.PROPOSALS));
    assertEquals(Set.copyOf(trained), OBJECTIVES.keySet());
  }
}
