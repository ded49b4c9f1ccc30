// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.model.ParameterLayout.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shapes of nets and the places of their parameters. */
final class NetTest {
  private static List<Layer> layers(String text) {
    return Layers.parse(text, Activation.RELU);
  }

  @Test
  void everyLayerHasItsNameAndShapes() {
    Net net = Net.of("encoder", Shape.flat(7), layers("5,norm,dropout:0.1,3"), "posterior", 4);
    assertEquals(Shape.flat(7), net.input());
    assertEquals(
        List.of(
            new Net.Placed(
                "encoder.0", new Layer.Dense(5, Activation.RELU), Shape.flat(7), Shape.flat(5)),
            new Net.Placed("encoder.1", new Layer.BatchNorm(), Shape.flat(5), Shape.flat(5)),
            new Net.Placed("encoder.2", new Layer.Dropout(0.1f), Shape.flat(5), Shape.flat(5)),
            new Net.Placed(
                "encoder.3", new Layer.Dense(3, Activation.RELU), Shape.flat(5), Shape.flat(3)),
            new Net.Placed(
                "posterior",
                new Layer.Dense(4, Activation.IDENTITY),
                Shape.flat(3),
                Shape.flat(4))),
        net.layers());
  }

  /** Pixels are rows to batch normalisation and values of one row to a dense layer. */
  @Test
  void anImageIsNormalisedByChannelAndFlattenedByADenseLayer() {
    Shape image = new Shape(4, 3, 2);
    assertEquals("4 x 3 x 2", image.toString());
    assertEquals(image, new Layer.BatchNorm().output(image));
    assertEquals(2, new Layer.BatchNorm().parameters(image).get(0).length());
    assertEquals(24, new Layer.LayerNorm().parameters(image).get(0).length());
    Layer dense = new Layer.Dense(5, Activation.RELU);
    assertEquals(Shape.flat(5), dense.output(image));
    assertEquals(List.of(24, 5), dense.parameters(image).get(0).dims());
  }

  @Test
  void aLayerThatDoesNotTakeItsInputIsNamed() {
    VaeSpec spec = VaeSpec.builder(3).layers(layers("5,1,layer-norm")).build();
    Thrown.says(
        IllegalArgumentException.class,
        () -> new ParameterLayout(spec),
        "encoder.2: layer-norm: expected rows of 2 values or more",
        "given 1");
    Thrown.says(
        IllegalArgumentException.class,
        () -> new Shape(2, 0, 1),
        "shape: expected sizes of 1 or more, given 2 x 0 x 1");
  }

  @Test
  void theParameterThatIsTooMuchIsNamed() {
    VaeSpec spec = VaeSpec.builder(50_000).hidden(9, 50_000, 50_000).build();
    assertTrue(
        String.valueOf(
                assertThrows(ArithmeticException.class, () -> new ParameterLayout(spec))
                    .getMessage())
            .startsWith("encoder.2.weight: with this tensor the model has more parameters"));
  }

  /** State lies behind all trained parameters, whose gradients have the same places. */
  @Test
  void stateLiesBehindWhatIsTrained() {
    VaeSpec spec = VaeSpec.builder(7).layers(layers("5,norm,dropout:0.1,layer-norm")).build();
    ParameterLayout layout = new ParameterLayout(spec);
    assertEquals(
        List.of(
            "encoder.0.weight",
            "encoder.0.bias",
            "encoder.1.weight",
            "encoder.1.bias",
            "encoder.3.weight",
            "encoder.3.bias",
            "posterior.weight",
            "posterior.bias",
            "decoder.0.weight",
            "decoder.0.bias",
            "decoder.1.weight",
            "decoder.1.bias",
            "decoder.3.weight",
            "decoder.3.bias",
            "observation.weight",
            "observation.bias",
            "encoder.1.running_mean",
            "encoder.1.running_var",
            "decoder.1.running_mean",
            "decoder.1.running_var"),
        layout.places().stream().map(Place::name).toList());
    int end = 0;
    for (Place place : layout.places()) {
      assertEquals(0, place.offset() % 16, "64 bytes");
      assertTrue(place.offset() >= end, "no two lie in one place");
      end = place.offset() + place.length();
      boolean behind = place.offset() >= layout.trained();
      assertEquals(!place.parameter().role().trained(), behind, place.name());
    }
    assertTrue(layout.length() >= end);
    long encoder = 7 * 5 + 5 + 2 * 5 + 2 * 5 + 5 * 40 + 40;
    long decoder = 20 * 5 + 5 + 2 * 5 + 2 * 5 + 5 * 7 + 7;
    assertEquals(encoder + decoder, layout.parameters());
    assertFalse(layout.has("encoder.2.weight"));
  }

  /** Scales and running variances start as 1; other parameters are drawn as without them. */
  @Test
  void normalisationsStartAsTheIdentity() {
    VaeSpec plain = VaeSpec.builder(7).hidden(5).build();
    VaeSpec normal = VaeSpec.builder(7).layers(layers("5,norm,layer-norm")).build();
    ParameterLayout layout = new ParameterLayout(normal);
    float[] weights = InitialWeights.draw(layout, Initializer.PYTORCH, 3);
    ParameterLayout plainLayout = new ParameterLayout(plain);
    float[] plainWeights = InitialWeights.draw(plainLayout, Initializer.PYTORCH, 3);
    for (Place place : layout.places()) {
      for (int i = 0; i < place.length(); i++) {
        float given = weights[place.offset() + i];
        float expected =
            plainLayout.has(place.name())
                ? plainWeights[plainLayout.place(place.name()).offset() + i]
                : place.name().matches(".*[12]\\.(weight|running_var)") ? 1 : 0;
        assertEquals(expected, given, place.name());
      }
    }
  }

  @Test
  void aVampPriorTakesNoBatchNorm() {
    VaeSpec.Builder builder = VaeSpec.builder(3).layers(layers("5,norm"));
    Thrown.says(
        IllegalArgumentException.class,
        () -> builder.prior(Prior.parse("vamp:4")).build(),
        "encoder: expected no batch-norm with prior vamp:4",
        "pseudo-inputs would enter the moments of every batch",
        "layer-norm");
    assertEquals(
        "vamp:4",
        VaeSpec.builder(3)
            .layers(layers("5,layer-norm"))
            .prior(Prior.parse("vamp:4"))
            .build()
            .latents()
            .prior()
            .toString());
  }
}
