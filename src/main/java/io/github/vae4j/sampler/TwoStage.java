// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.sampler;

import io.github.vae4j.VaeException;
import io.github.vae4j.backend.Backend;
import io.github.vae4j.data.DataSet;
import io.github.vae4j.data.DataSets;
import io.github.vae4j.data.DataViews;
import io.github.vae4j.infer.Decoder;
import io.github.vae4j.likelihood.GaussianShared;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.tensor.Turn;
import io.github.vae4j.train.TrainConfig;
import io.github.vae4j.train.TrainListener;
import io.github.vae4j.train.Trainer;

/**
 * A second VAE, whose data are the codes of the first (Dai and Wipf 2019, "Diagnosing and enhancing
 * VAE models", section 4): u from the standard normal, z from p(z|u), which has a single learned
 * variance. It has the same number of latent dimensions as the first.
 *
 * @param spec of the second VAE; its features are the latent dimensions of the first
 * @param weights flat, in the order of {@link ParameterLayout}
 */
@SuppressWarnings("ArrayRecordComponent")
public record TwoStage(VaeSpec spec, float[] weights) implements LatentSampler {
  /**
   * The distance of the seeds of u and z from the caller's seeds for x, so that no noise is shared.
   */
  private static final long OTHER_SEED = 0x9E3779B97F4A7C15L;

  /** Checks the number of weights. {@inheritDoc} */
  public TwoStage {
    int expected = new ParameterLayout(spec).length();
    if (weights.length != expected) {
      throw new IllegalArgumentException(
          "two-stage: expected " + expected + " weights, given " + weights.length);
    }
  }

  /**
   * Trains a second stage.
   *
   * @param backend that trains
   * @param codes (N, Z) samples of the aggregate posterior
   * @param config the settings
   * @param listener receives progress
   * @return the second stage
   * @throws io.github.vae4j.VaeException if the training diverged, or the backend has no kernels
   *     for its likelihood
   */
  public static TwoStage fit(
      Backend backend, Matrix codes, TwoStageConfig config, TrainListener listener) {
    return fit(backend, WeightedCodes.equal(codes), config, listener);
  }

  /**
   * Trains a second stage on codes with weights.
   *
   * @param backend that trains
   * @param codes samples of the aggregate posterior
   * @param config the settings
   * @param listener receives progress, whose numbers are unweighted
   * @return the second stage
   * @throws io.github.vae4j.VaeException if the training diverged, or the backend has no kernels
   *     for its likelihood
   */
  public static TwoStage fit(
      Backend backend, WeightedCodes codes, TwoStageConfig config, TrainListener listener) {
    int latent = codes.codes().columns();
    VaeSpec spec =
        VaeSpec.builder(latent)
            .hidden(config.hidden().toArray(Integer[]::new))
            .latent(latent)
            .likelihood(new GaussianShared())
            .build();
    TrainConfig training = config.training();
    float[] weights = codes.weights();
    try (DataSet data = DataSets.of(codes.codes());
        Trainer trainer =
            new Trainer(
                backend,
                spec,
                training,
                weights == null ? data : DataViews.weighted(data, weights),
                null,
                listener)) {
      if (trainer.run(() -> false).end() == Trainer.End.STOPPED) {
        throw new VaeException("two-stage: the thread was interrupted before the end of training");
      }
      return new TwoStage(spec, trainer.weights());
    }
  }

  @Override
  public int latent() {
    return spec.features();
  }

  /** The temperature scales u; the learned noise of p(z|u) does not change. */
  @Override
  public Matrix draw(Backend backend, int n, long seed, double temperature) {
    try (Turn turn = backend.turn().take()) {
      ParameterLayout layout = new ParameterLayout(spec);
      try (Arena arena = new Arena()) {
        Tensor all = backend.tensor(arena, layout.length());
        all.write(weights);
        Parameters parameters = Parameters.of(layout, all.buffer());
        Decoder decoder = arena.own(new Decoder(backend, spec, parameters));
        long own = seed ^ OTHER_SEED;
        return decoder.draw(Decoder.prior(n, spec.latent(), own, temperature), own);
      }
    }
  }
}
