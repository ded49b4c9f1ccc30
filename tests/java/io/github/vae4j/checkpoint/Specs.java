// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.Estimator;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.Fingerprint;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.Posterior;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.train.Objective;
import io.github.vae4j.train.TrainConfig;
import java.util.List;
import java.util.Random;

/** Small models, and a configuration in which no setting has its default. */
final class Specs {
  /** Sizes all unlike each other, sides unlike each other, more outputs than a block of 16. */
  static final VaeSpec SMALL =
      new VaeSpec(
          6,
          List.of(new Layer.Dense(17, Activation.RELU), new Layer.Dense(5, Activation.LEAKY_RELU)),
          2,
          List.of(new Layer.Dense(3, Activation.GELU)),
          Likelihoods.parse("gaussian:sigma=0.1"),
          Initializer.HE,
          new ImageShape(2, 1, 3),
          new Condition.Labels(3),
          Latents.STANDARD,
          false,
          DataNames.NONE,
          null);

  /** Two parts with a shared parameter each. */
  static final VaeSpec SHARING =
      VaeSpec.builder(5)
          .hidden(4)
          .latent(2)
          .likelihood(Likelihoods.parse("composite:0-2=gaussian-shared;3-=gaussian-optimal"))
          .build();

  /** Models of each latent family. */
  static List<VaeSpec> families() {
    return List.of(
        VaeSpec.builder(5).hidden(4).latent(3).posterior(Posterior.parse("planar:2")).build(),
        VaeSpec.builder(5).hidden(4).latent(3).prior(Prior.parse("mog:4")).build(),
        VaeSpec.builder(5).hidden(4).latent(3).posterior(Posterior.FULL).build(),
        VaeSpec.builder(5).hidden(4).latent(3).prior(Prior.parse("vamp:2")).build(),
        VaeSpec.builder(5).hidden(4).latent(3).top(2, 6, 7).build(),
        VaeSpec.builder(5)
            .hidden(4)
            .latent(3)
            .posterior(Posterior.parse("planar:1"))
            .prior(Prior.parse("mog:2"))
            .build()
            .named(new DataNames(List.of("a", "b \u20ac", "", "d\n", "e"), List.of("x"), null)));
  }

  static final TrainConfig CONFIG =
      new TrainConfig(
          7,
          33,
          new Objective(
              new Objective.Bound(Objective.Kind.RENYI, 3, 2, 0.5, Estimator.SAMPLED),
              0.1,
              new Objective.Warmup(Objective.Curve.CYCLICAL, 2.5, 4),
              0,
              Objective.Capacity.NONE,
              0.5,
              1.5),
          new TrainConfig.Optimizer(3e-4, 0.8, 0.99, 1e-7, 0.01, true, 5.5),
          new TrainConfig.LearningRate(TrainConfig.LearningRate.Shape.STEP, 11, 4, 0.3),
          Long.MIN_VALUE + 1,
          TrainConfig.Binarize.DYNAMIC,
          0.999,
          6,
          9,
          new TrainConfig.Augment(true, 3));

  static final DataSource DATA = new DataSource("mnist", "mnist:test", 0.125);

  /** No part is left out, and none is that of another. */
  static final DataPrints PRINTS =
      new DataPrints(
          new Fingerprint(9, 6, "FLOAT32", 1, "2 x 1 x 3", "0a", "0b", "0c", "0d", "0e"),
          new Fingerprint(4, 6, "UINT8", 1 / 255.0, null, null, "0f", null, null, null));

  private static final int LEAST_EXPONENT_BIT = 1 << 23;

  private Specs() {}

  /** Parameters of any bits that are finite, and zeros where the layout has padding. */
  static float[] parameters(VaeSpec spec, long seed) {
    ParameterLayout layout = new ParameterLayout(spec);
    float[] flat = new float[layout.length()];
    Random random = new Random(seed);
    for (ParameterLayout.Place place : layout.places()) {
      for (int i = 0; i < place.length(); i++) {
        flat[place.offset() + i] = any(random);
      }
    }
    return flat;
  }

  private static float any(Random random) {
    int bits =
        random.nextInt(4) == 0
            ? Bits.ODD_FLOATS[random.nextInt(Bits.ODD_FLOATS.length)]
            : random.nextInt();
    float value = Float.intBitsToFloat(bits);
    return Float.isFinite(value) ? value : Float.intBitsToFloat(bits & ~LEAST_EXPONENT_BIT);
  }
}
