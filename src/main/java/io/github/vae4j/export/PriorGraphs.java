// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.export;

import io.github.vae4j.dispatch.SealedTable;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.Shape;
import io.github.vae4j.model.TopLevel;

/** Priors as nodes of a graph: log p(z) less the log density of the standard normal. */
final class PriorGraphs {
  private PriorGraphs() {}

  /**
   * The place of a prior.
   *
   * @param weights of the model
   * @param layout of the model
   * @param latent Z
   * @param z samples, FLOAT (B, L, Z)
   * @param ratio log N(z; 0, I) - log q(z|x), FLOAT (B, L)
   */
  record Place(Weights weights, ParameterLayout layout, int latent, Value z, Value ratio) {}

  private static final SealedTable<Prior, Place, Value> PRIOR_GRAPHS =
      SealedTable.<Prior, Place, Value>of(Prior.class)
          .with(Prior.StandardNormal.class, (place, prior) -> place.ratio)
          .with(Prior.GaussianMixture.class, PriorGraphs::mixture)
          .with(Prior.Vamp.class, PriorGraphs::vamp)
          .complete();

  /** log p(z) - log q(z|x) of each sample, FLOAT (B, L). */
  static Value ratio(Prior prior, Place place) {
    return PRIOR_GRAPHS.apply(place, prior);
  }

  private static Value mixture(Place place, Prior.GaussianMixture prior) {
    Value weights = place.weights.of(ParameterLayout.LOGITS).logSoftmax(0);
    return mixture(place, place.weights.of(ParameterLayout.COMPONENTS), weights);
  }

  private static Value vamp(Place place, Prior.Vamp prior) {
    Value inputs = place.weights.of(ParameterLayout.PSEUDO_INPUTS);
    Shape shape = place.layout.encoder().input();
    Signal signal = shape.isFlat() ? Signal.flat(inputs, shape) : Signal.ofOrdered(inputs, shape);
    Signal head = LayerGraphs.net(place.weights, place.layout.encoder(), signal);
    Value weight = inputs.number(-Math.log(prior.components()));
    return mixture(place, head.ordered(place.layout.encoder().parts()), weight);
  }

  /** A mixture of components (K, 2Z) with the logarithms of their weights, (K) or a number. */
  private static Value mixture(Place place, Value components, Value logWeights) {
    Value terms =
        relative(
            place.z.withAxes(2),
            components.slice(1, 0, place.latent),
            components.slice(1, place.latent, 2L * place.latent),
            3);
    return place.ratio.plus(terms.plus(logWeights).logSumExp(2));
  }

  /** log N(z; mean, exp(logvar)) - log N(z; 0, 1), summed over an axis. */
  private static Value relative(Value z, Value mean, Value logvar, int axis) {
    Value clamped = PosteriorGraphs.clamp(logvar);
    Value deviation = z.minus(mean).squared().times(clamped.negative().exp());
    return z.squared().minus(clamped).minus(deviation).sum(axis).times(0.5);
  }

  /**
   * The ratio with a second stochastic layer y, of which each z has one sample.
   *
   * @param top the layer
   * @param eps draws of N(0, 1), FLOAT (B, L, Y)
   */
  static Value ratio(TopLevel top, Place place, Value eps) {
    int latent = place.latent;
    int own = top.latent();
    Value rows = place.z.reshape(-1, latent);
    Value up =
        LayerGraphs.net(
                place.weights, place.layout.topEncoder(), Signal.flat(rows, Shape.flat(latent)))
            .value();
    Value logvar = PosteriorGraphs.clamp(up.slice(1, own, 2L * own));
    Value noise = eps.reshape(-1, own);
    Value y = up.slice(1, 0, own).plus(logvar.times(0.5).exp().times(noise));
    Value ratio = noise.squared().plus(logvar).minus(y.squared()).sum(1).times(0.5);
    Value down =
        LayerGraphs.net(place.weights, place.layout.topDecoder(), Signal.flat(y, Shape.flat(own)))
            .value();
    Value prior = relative(rows, down.slice(1, 0, latent), down.slice(1, latent, 2L * latent), 1);
    return place.ratio.plus(ratio.plus(prior).reshape(place.ratio.sizes()));
  }
}
