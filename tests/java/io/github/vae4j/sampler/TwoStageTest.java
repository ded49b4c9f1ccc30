// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.backend.Backends;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.infer.Codes;
import io.github.vae4j.infer.Decoder;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainConfig.Optimizer;
import io.github.vae4j.train.TrainListener;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoStageTest {
  /** Two clusters where the prior has next to nothing between and around them alike. */
  private static final GaussianMixture CLUSTERS =
      new GaussianMixture(
          new double[] {0.5, 0.5}, new double[][] {{-2}, {2}}, new double[][] {{0.3}, {0.3}});

  private static Backend cpu() {
    return Backends.open(new BackendOptions(Kind.CPU, 1, Precision.FP32));
  }

  @Test
  void learnsAnAggregateThatIsNotThePrior() {
    try (Backend backend = cpu()) {
      Matrix codes = CLUSTERS.draw(backend, 4_000, 1, 1);
      // Few steps, so large ones: the log variance has a long way to go.
      TrainConfig training =
          TwoStageConfig.of(60, 1).training().toBuilder().optimizer(Optimizer.adam(1e-2)).build();
      TwoStageConfig config = new TwoStageConfig(List.of(64, 64), training);
      TwoStage second = TwoStage.fit(backend, codes, config, TrainListener.NONE);
      assertEquals(1, second.latent());
      Matrix unseen = CLUSTERS.draw(backend, 4_000, 2, 1);
      double prior = distance(Decoder.prior(4_000, 1, 3, 1), unseen);
      double fitted = distance(second.draw(backend, 4_000, 3, 1), unseen);
      assertTrue(prior > 0.3, "distance of the prior " + prior);
      assertTrue(fitted < 0.3 * prior, "distances " + fitted + " and " + prior);
      Matrix some = second.draw(backend, 5, 3, 1);
      assertArrayEquals(some.row(4), second.draw(backend, 400, 3, 1).row(4));
    }
  }

  /** The largest difference of the distribution functions (Kolmogorov and Smirnov). */
  private static double distance(Matrix one, Matrix other) {
    float[] first = one.values().clone();
    float[] second = other.values().clone();
    Arrays.sort(first);
    Arrays.sort(second);
    double most = 0;
    int below = 0;
    for (int i = 0; i < first.length; i++) {
      while (below < second.length && second[below] <= first[i]) {
        below++;
      }
      double difference = (i + 1.0) / first.length - (double) below / second.length;
      most = Math.max(most, Math.abs(difference));
    }
    return most;
  }

  @Test
  void theAggregateHasTheVarianceOfMeansAndNoise() {
    int rows = 5_000;
    Matrix mean = Matrix.zeros(rows, 2);
    Matrix logvar = Matrix.zeros(rows, 2);
    for (int row = 0; row < rows; row++) {
      mean.values()[2 * row] = row % 2 == 0 ? -1 : 1;
      logvar.values()[2 * row] = (float) Math.log(0.25);
      logvar.values()[2 * row + 1] = -1000; // Clamped, as wherever it is exponentiated.
    }
    Codes codes = new Codes(mean, logvar);
    Matrix samples = PosteriorDraws.draw(codes, 3, 1);
    assertEquals(3 * rows, samples.rows());
    double squares = 0;
    for (int i = 0; i < samples.rows(); i++) {
      squares += samples.at(i, 0) * samples.at(i, 0) / (double) samples.rows();
      assertEquals(0, samples.at(i, 1), 2e-6);
    }
    assertEquals(1.25, squares, 0.04);
    assertArrayEquals(samples.values(), PosteriorDraws.draw(codes, 3, 1).values());
    Thrown.says(
        IllegalArgumentException.class,
        () -> PosteriorDraws.draw(codes, 0, 1),
        "draws: expected 1 or more, given 0");
  }

  @Test
  void weightsOfAnotherModelAreRefused() {
    try (Backend backend = cpu()) {
      Matrix codes = CLUSTERS.draw(backend, 100, 1, 1);
      TwoStage second = TwoStage.fit(backend, codes, TwoStageConfig.of(1, 1), TrainListener.NONE);
      Thrown.says(
          IllegalArgumentException.class,
          () -> new TwoStage(second.spec(), new float[3]),
          "weights, given 3");
    }
  }
}
