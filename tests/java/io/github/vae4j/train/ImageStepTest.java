// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.vae4j.backend.Activation;
import io.github.vae4j.backend.BackendOptions.Kind;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.Shape;
import io.github.vae4j.model.VaeSpec;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of a whole step of nets of images, as {@link TrainingStepTest}. */
final class ImageStepTest {
  private static final ImageShape IMAGE = new ImageShape(6, 4, 3);
  private static final String RESIDUAL =
      "conv:4x3,res(group-norm:2,silu,conv:4x3),res(silu,conv:3x3s2,silu,conv:3x3)";
  private static final String CODES = "conv:2x3,tanh,conv:outx2s2p0";

  /** Encoders whose decoder is their mirror. */
  static List<String> nets() {
    return List.of(
        "conv:2x4s2,tanh,conv:3x3,silu,4,silu",
        "conv:4x3,group-norm:2,silu,avg-pool:2s2p0,conv:3x3x1g1,norm,flatten,4,tanh",
        "pixel-unshuffle:2,conv:2x1,dropout:0.2,reshape:6x2x1,conv:2x1,tanh",
        "avg-pool:2,conv:2x3d2,sigmoid,bilinear:2,upsample:1x2",
        "conv:4x4s2,attention:2,silu,4,tanh");
  }

  /** The texts of all encoders. */
  static Stream<String> texts() {
    return Stream.concat(nets().stream(), Stream.of(RESIDUAL));
  }

  private static VaeSpec spec(
      String encoder, @Nullable String decoder, String likelihood, int latent) {
    List<Layer> layers = Layers.parse(encoder, Activation.TANH);
    return new VaeSpec(
        IMAGE.features(),
        layers,
        latent,
        decoder == null
            ? Layers.mirrored(layers, IMAGE.features(), IMAGE)
            : Layers.parse(decoder, Activation.TANH),
        Likelihoods.parse(likelihood),
        Initializer.PYTORCH,
        IMAGE,
        null,
        Latents.STANDARD,
        false,
        DataNames.NONE,
        null);
  }

  @ParameterizedTest
  @MethodSource("nets")
  void gradientIsThatOfTheLoss(String encoder) {
    TrainingStepTest.check(spec(encoder, null, "bernoulli", 2), Objective.Bound.elbo(3));
  }

  /** Two parameters of each pixel: all means come before all log variances. */
  @ParameterizedTest
  @ValueSource(strings = {"gaussian-learned", "gaussian-shared"})
  void gradientOfOtherObservationModels(String likelihood) {
    TrainingStepTest.check(spec("conv:2x4s2,tanh", null, likelihood, 2), Objective.Bound.elbo(2));
  }

  @Test
  void gradientOfResidualBlocks() {
    String decoder = "18,silu,reshape:3x2x3,res(norm,silu,upsample:2,conv:2x3),silu,conv:outx3";
    TrainingStepTest.check(spec(RESIDUAL, decoder, "bernoulli", 2), Objective.Bound.elbo(2));
  }

  static VaeSpec attention() {
    String encoder = "conv:4x3s2,res(group-norm:2,attention),silu,conv:outx1";
    String decoder = "attention:2,conv:4x1,res(group-norm:2,attention:4),upsample:2,conv:outx3";
    return spec(encoder, decoder, "bernoulli", 12);
  }

  @Test
  void gradientOfAttention() {
    TrainingStepTest.check(attention(), Objective.Bound.elbo(2));
    assertGradientOfAttention(Kind.CPU);
  }

  /** The gradient on a backend is that on the reference. */
  static void assertGradientOfAttention(Kind kind) {
    Objective.Bound bound = Objective.Bound.elbo(2);
    float[] expected = TrainingStepTest.gradient(Kind.REFERENCE, attention(), bound);
    assertArrayEquals(expected, TrainingStepTest.gradient(kind, attention(), bound), 1e-4f);
  }

  @Test
  void gradientOfCodesThatAreImages() {
    VaeSpec spec = spec(CODES, null, "bernoulli", 12);
    assertEquals(new Shape(2, 3, 2), spec.codeShape());
    TrainingStepTest.check(spec, Objective.Bound.elbo(3));
    TrainingStepTest.check(spec.with(new Condition.Labels(3)), Objective.Bound.iwae(2));
  }

  @Test
  void gradientWithMaskAndCondition() {
    VaeSpec spec = spec("conv:2x4s2,tanh", null, "bernoulli", 2);
    TrainingStepTest.check(
        spec.with(new Condition.Labels(3)).withMaskInput(true), Objective.Bound.elbo(2));
  }

  @Test
  void gradientOfPseudoInputs() {
    VaeSpec spec =
        VaeSpec.builder(IMAGE.features())
            .image(IMAGE)
            .layers(Layers.parse("conv:2x4s2", Activation.TANH))
            .latent(2)
            .prior(Prior.parse("vamp:2"))
            .build();
    TrainingStepTest.check(spec, Objective.Bound.elbo(2));
  }
}
