// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.Sampling;
import io.github.vae4j.Vae;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Precision;
import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.train.TrainConfig.Optimizer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters that all rows share are trained, saved, evaluated and sampled with. */
final class SharedParametersTest {
  private static final BackendOptions REFERENCE =
      new BackendOptions(BackendOptions.Kind.REFERENCE, 1, Precision.FP32);

  private static final int ROWS = 256;
  private static final int FEATURES = 6;
  private static final double NOISE = 0.2;

  @TempDir static Path folder;

  /** One direction with noise of a known size. */
  private static DataSet noisyLine() {
    Random random = new Random(4);
    Matrix x = Matrix.zeros(ROWS, FEATURES);
    for (int i = 0; i < ROWS; i++) {
      double along = random.nextGaussian();
      for (int d = 0; d < FEATURES; d++) {
        x.values()[i * FEATURES + d] = (float) (along * (d - 2) + NOISE * random.nextGaussian());
      }
    }
    return DataSets.of(x);
  }

  /** Starting from a variance of 1, both ways find the noise. */
  @ParameterizedTest
  @ValueSource(strings = {"gaussian-shared", "gaussian-optimal"})
  void theVarianceOfTheNoiseIsFound(String likelihood) {
    VaeSpec spec =
        VaeSpec.builder(FEATURES)
            .hidden(16)
            .latent(1)
            .activation(Activation.TANH)
            .likelihood(Likelihoods.parse(likelihood))
            .build();
    TrainConfig config =
        TrainConfig.builder().epochs(120).batch(64).optimizer(Optimizer.adam(1e-2)).seed(3).build();
    try (DataSet data = noisyLine();
        Vae vae = Vae.create(spec, REFERENCE, 1)) {
      try (Trainer trainer = vae.trainer(data, null, config, TrainListener.NONE)) {
        trainer.run(() -> false);
        vae.setWeights(trainer.weights());
      }
      float logVariance =
          weights(vae)[new ParameterLayout(spec).place(ParameterLayout.SHARED).offset()];
      assertEquals(2 * Math.log(NOISE), logVariance, 0.5);

      double deviation = Math.exp(logVariance / 2);
      assertEquals(deviation, deviationOfDraws(vae), 0.05 * deviation);
      // With mean squared error s^2 on these rows, -log p is D / 2 (log(2 pi s^2) + 1).
      double atOptimum = FEATURES / 2.0 * (logVariance + Math.log(2 * Math.PI) + 1);
      assertEquals(atOptimum, -vae.evaluate(data, 20, 5).reconstruction(), 0.6);
    }
  }

  private static float[] weights(Vae vae) {
    Path file = folder.resolve("model.safetensors");
    vae.save(file);
    return ModelFile.load(file).parameters();
  }

  /** Of draws of p(x|z) around their means. */
  private static double deviationOfDraws(Vae vae) {
    Matrix means = vae.sample(Sampling.of(2000).seed(1));
    Matrix draws = vae.sample(Sampling.of(2000).seed(1).drawn(true));
    double squares = 0;
    for (int i = 0; i < means.values().length; i++) {
      squares += Math.pow(draws.values()[i] - means.values()[i], 2);
    }
    return Math.sqrt(squares / means.values().length);
  }
}
