// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.infer;

import io.github.vae4j.backend.Backend;
import io.github.vae4j.backend.Program;
import io.github.vae4j.backend.op.Reparameterize;
import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.TopLevel;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.net.NetStage;
import io.github.vae4j.net.Parameters;
import io.github.vae4j.net.Pass;
import io.github.vae4j.numeric.Elementary;
import io.github.vae4j.random.Philox;
import io.github.vae4j.random.Stream;
import io.github.vae4j.tensor.Arena;
import io.github.vae4j.tensor.Matrix;
import io.github.vae4j.tensor.Tensor;
import io.github.vae4j.tensor.Turn;
import org.jspecify.annotations.Nullable;

/**
 * Draws codes from the prior of a model. A temperature multiplies the standard deviation of each
 * Gaussian and does not change the weights of a mixture. The noise of row i is at (PRIOR, step 0,
 * row i); its component is drawn at step 1 and its second stochastic layer at step 2.
 */
public final class PriorSampler {
  private static final int BATCH = 256;
  private static final int COMPONENT_STEP = 1;
  private static final int TOP_STEP = 2;

  private static final SealedTable<Prior, Draw, Matrix> DRAWS =
      SealedTable.<Prior, Draw, Matrix>of(Prior.class)
          .with(Prior.StandardNormal.class, (draw, prior) -> draw.standard())
          .with(Prior.GaussianMixture.class, (draw, prior) -> draw.learned())
          .with(Prior.Vamp.class, (draw, prior) -> draw.ofMixture(draw.sampler.posteriors(), null))
          .complete();

  private final Backend backend;
  private final VaeSpec spec;
  private final Parameters parameters;

  /**
   * A sampler of a model, with the values of the parameters at each call.
   *
   * @param backend that computes; the caller closes it
   * @param spec the model
   * @param parameters of the model; the caller closes them
   */
  public PriorSampler(Backend backend, VaeSpec spec, Parameters parameters) {
    this.backend = backend;
    this.spec = spec;
    this.parameters = parameters;
  }

  /**
   * Draws codes from p(z).
   *
   * @param n the number of codes
   * @param seed of the draws; row i does not depend on n
   * @param temperature a factor of standard deviations; 1 for the prior
   * @return (n, latent)
   */
  public Matrix draw(int n, long seed, double temperature) {
    try (Turn turn = backend.turn().take()) {
      TopLevel top = spec.latents().top();
      if (top != null) {
        return fromAbove(top, n, seed, temperature);
      }
      return DRAWS.apply(new Draw(this, n, seed, temperature), spec.latents().prior());
    }
  }

  private record Draw(PriorSampler sampler, int n, long seed, double temperature) {
    Matrix ofMixture(float[] components, float @Nullable [] logits) {
      return sampler.ofMixture(components, logits, n, seed, temperature);
    }

    Matrix standard() {
      return Decoder.prior(n, sampler.spec.latent(), seed, temperature);
    }

    Matrix learned() {
      Parameters own = sampler.parameters;
      return ofMixture(
          own.tensor(ParameterLayout.COMPONENTS).toFloats(),
          own.tensor(ParameterLayout.LOGITS).toFloats());
    }
  }

  private float[] posteriors() {
    try (Arena arena = new Arena()) {
      Pass pass = new Pass(backend, arena, parameters, null);
      Tensor inputs = parameters.tensor(ParameterLayout.PSEUDO_INPUTS);
      NetStage encoder = new NetStage(pass, parameters.layout().encoder(), inputs);
      arena.own(backend.compile(encoder.forward())).run();
      return encoder.output().toFloats();
    }
  }

  private Matrix ofMixture(
      float[] components, float @Nullable [] logits, int n, long seed, double temperature) {
    int latent = spec.latent();
    double[] weights = weights(logits, components.length / (2 * latent));
    Matrix codes = Matrix.zeros(n, latent);
    for (int i = 0; i < n; i++) {
      int chosen = choose(weights, Philox.uniform(seed, Stream.PRIOR, COMPONENT_STEP, i, 0));
      draw(codes, i, components, chosen, seed, temperature);
    }
    return codes;
  }

  /** Draws row i from the Gaussian whose means and log variances are a row of components. */
  private void draw(
      Matrix codes, int i, float[] components, int row, long seed, double temperature) {
    int latent = spec.latent();
    for (int j = 0; j < latent; j++) {
      double logvar = Reparameterize.clamp(components[(2 * row + 1) * latent + j]);
      double noise = temperature * Philox.normal(seed, Stream.PRIOR, 0, i, j);
      codes.values()[i * latent + j] =
          (float) (components[2 * row * latent + j] + Elementary.exp(logvar / 2) * noise);
    }
  }

  /** exp(logits), or 1 for each component: not normalised. */
  private static double[] weights(float @Nullable [] logits, int count) {
    double[] weights = new double[count];
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; logits != null && k < count; k++) {
      most = Math.max(most, logits[k]);
    }
    for (int k = 0; k < count; k++) {
      weights[k] = logits == null ? 1 : Elementary.exp(logits[k] - most);
    }
    return weights;
  }

  private static int choose(double[] weights, double u) {
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double left = u * total;
    for (int k = 0; k < weights.length - 1; k++) {
      left -= weights[k];
      if (left < 0) {
        return k;
      }
    }
    return weights.length - 1;
  }

  private Matrix fromAbove(TopLevel top, int n, long seed, double temperature) {
    int width = top.latent();
    Matrix codes = Matrix.zeros(n, spec.latent());
    try (Arena arena = new Arena()) {
      Tensor y = backend.tensor(arena, BATCH, width);
      NetStage decoder =
          new NetStage(
              new Pass(backend, arena, parameters, null), parameters.layout().topDecoder(), y);
      Program decode = arena.own(backend.compile(decoder.forward()));
      float[] noise = new float[BATCH * width];
      float[] components = new float[BATCH * 2 * spec.latent()];
      for (int first = 0; first < n; first += BATCH) {
        int count = Math.min(BATCH, n - first);
        for (int i = 0; i < count * width; i++) {
          double draw = Philox.normal(seed, Stream.PRIOR, TOP_STEP, first + i / width, i % width);
          noise[i] = (float) (temperature * draw);
        }
        y.write(noise);
        decode.run();
        decoder.output().buffer().read(components);
        for (int i = 0; i < count; i++) {
          draw(codes, first + i, components, i, seed, temperature);
        }
      }
    }
    return codes;
  }
}
