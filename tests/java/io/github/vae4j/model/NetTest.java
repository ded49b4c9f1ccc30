// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.ParameterLayout.Place;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
            new Net.Placed("encoder.2", new DropoutLayer(0.1f), Shape.flat(5), Shape.flat(5)),
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
    Thrown.says(
        IllegalArgumentException.class,
        () -> VaeSpec.builder(3).layers(layers("5,1,layer-norm")).build(),
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

  private static VaeSpec image(String encoder, String decoder, int size) {
    VaeSpec plain =
        VaeSpec.builder(size * size).image(new ImageShape(size, size, 1)).latent(8).build();
    return new VaeSpec(
        plain.features(),
        layers(encoder),
        plain.latent(),
        layers(decoder),
        plain.likelihood(),
        plain.initializer(),
        plain.image(),
        null,
        plain.latents(),
        false,
        plain.names(),
        null);
  }

  /** A specification with a wrong shape is refused when it is made. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conv:8x3p0,conv:8x9p0|9|encoder.1: conv:8x9s1p0: of an input of 6 x 6 x 8: kernel: expected"
            + " a height of at most 6, that of the input with its padding, given 9",
        "conv:8x3,conv:9x3g3|9|encoder.1: conv:9x3s1p1g3: groups: expected a divisor of the 8 input"
            + " channels, given 3",
        "conv:8x3,group-norm:3|9|encoder.1: group-norm: groups: expected a divisor of the 8"
            + " channels, given 3",
        "conv:8x3,attention:3|9|encoder.1: attention: heads: expected a divisor of the 8 channels,"
            + " given 3",
        "9,attention|9|encoder.1: attention: expected an image, given a flat row of 9 values; put"
            + " reshape:CHANNELSxHEIGHTxWIDTH before it",
        "conv:8x3|attention,deconv:outx8p0|decoder.0: attention: expected images of 2 pixels or"
            + " more, given rows of 8 values; reshape:CHANNELSxHEIGHTxWIDTH makes images of rows",
        "conv:8x3,layer-norm|9|encoder.1: layer-norm: expected flat rows, given images of 8 x 8 x 8;"
            + " group-norm:1 normalises images",
        "conv:8x3|9,reshape:2x2x2|decoder.1: reshape:2x2x2: expected rows of 8 values, given 9",
        "conv:8x3|16,reshape:1x4x4|decoder: expected an output of 8 x 8 pixels, those of the data,"
            + " given 4 x 4 from decoder.1 (reshape:1x4x4)",
        "conv:8x3|16,reshape:1x4x4,deconv:outx3s2o0|decoder: expected an output of 8 x 8 pixels,"
            + " those of the data, given 7 x 7 from decoder.2 (deconv:outx3s2p1o0): change the"
            + " kernel, stride, padding or output padding",
        "conv:8x3|16,reshape:1x4x4,deconv:outx3,flatten|decoder.2: deconv:outx3s1p1o0: expected in"
            + " the last place alone",
        "conv:outx4s2p0|9|latent: expected a multiple of 9 for codes of 3 x 3 pixels, given 8",
        "conv:8x3,pixel-shuffle:3|9|encoder.1: pixel-shuffle:3: expected a multiple of 9 channels",
        "pixel-unshuffle:3|9|encoder.0: pixel-unshuffle:3: expected whole blocks of pixels",
        "conv:8x3,res(conv:8x3p0,conv:8x1)|9|encoder.1: res: expected an output whose sizes are"
            + " multiples or whole parts of the input's",
        "max-pool:9|9|encoder.0: max-pool:9s9p0: of an input of 8 x 8 x 1",
        "deconv:2x1s1p9|9|encoder.0: deconv:2x1s1p9o0: padding: expected an output of 1 pixel or"
            + " more",
        "64,relu,conv:8x3|9|encoder.1: conv:8x3s1p1: expected an image, given a flat row of 64 values;"
            + " put reshape:CHANNELSxHEIGHTxWIDTH before it",
        "conv:8x3,flatten,silu,max-pool:1|9|encoder.3: max-pool:1s1p0: expected an image, given a"
            + " flat row of 512 values",
        "conv:8x3,64,norm,conv:outx1|9|encoder.3: conv:outx1s1p0: expected an image, given a flat row"
            + " of 64 values",
        "conv:8x3|64,upsample:8|decoder.1: upsample:8: expected an image, given a flat row of 64",
        "conv:8x3|64,res(conv:8x3)|decoder.1: res(conv:8x3s1p1,relu): expected an image, given a"
            + " flat row of 64",
        "conv:8x3,res(16,conv:8x3)|9|encoder.1: res.1: conv:8x3s1p1: expected an image, given a flat"
            + " row of 16 values",
        "conv:8x3,res(16,16),conv:8x3|9|encoder.2: conv:8x3s1p1: expected an image, given a flat row",
      })
  void shapesThatDoNotFitAreRefusedWithTheLayer(String encoder, String decoder, String problem) {
    Thrown.says(IllegalArgumentException.class, () -> image(encoder, decoder, 8), problem);
  }

  /** A code, and a pixel that is left of an image, are images of one pixel. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conv:8x3|deconv:4x4s1p0,deconv:outx4s2",
        "conv:8x3|upsample:8",
        "global-pool,conv:8x1|64",
        "conv:8x8p0,conv:4x1,6|64",
        "conv:8x3|16,reshape:16x1x1,deconv:outx8p0",
        "16,reshape:1x4x4,conv:2x3,5|64",
        "conv:8x3,flatten,reshape:8x8x8,conv:2x3|64",
      })
  void imagesOfOnePixelAreImages(String encoder, String decoder) {
    assertEquals(64, image(encoder, decoder, 8).nets().decoder().outputs());
  }

  @Test
  void layersOfImagesNeedImages() {
    Thrown.says(
        IllegalArgumentException.class,
        () -> VaeSpec.builder(64).layers(layers("conv:8x3,4")).build(),
        "encoder: expected rows that are images for its layers, given rows of 64 values without a shape");
  }

  /** Filters are (outputs, height, width, inputs), those of a transposed convolution by inputs. */
  @Test
  void parametersOfAnImagesNet() {
    VaeSpec spec = image("conv:4x3x5s2,8", "8,reshape:2x2x2,res(deconv:6x4s4p0),deconv:outx3", 8);
    ParameterLayout layout = new ParameterLayout(spec);
    assertEquals(List.of(4, 3, 5, 1), dims(layout, "encoder.0.weight"));
    assertEquals(List.of(4 * 4 * 4, 8), dims(layout, "encoder.1.weight"));
    assertEquals(List.of(2, 4, 4, 6), dims(layout, "decoder.2.0.weight"));
    assertEquals(List.of(6, 1, 1, 2), dims(layout, "decoder.2.shortcut.weight"));
    assertEquals(List.of(6, 3, 3, 1), dims(layout, "observation.weight"));
    assertEquals(Shape.flat(8), spec.codeShape());
  }

  private static List<Integer> dims(ParameterLayout layout, String name) {
    return layout.place(name).parameter().dims();
  }

  /** Two values of each pixel, as a Gaussian's mean and log variance, are two channels. */
  @Test
  void theHeadHasAsManyChannelsAsThePixelHasParameters() {
    for (String likelihood : List.of("gaussian-learned", "bernoulli")) {
      VaeSpec spec =
          VaeSpec.builder(192)
              .image(new ImageShape(8, 8, 3))
              .layers(layers("conv:8x4s2"))
              .likelihood(Likelihoods.parse(likelihood))
              .build();
      int parts = likelihood.equals("bernoulli") ? 1 : 2;
      Net decoder = new ParameterLayout(spec).decoder();
      assertEquals(parts, decoder.parts());
      assertEquals(new Shape(8, 8, 3 * parts), decoder.output());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mlp,28,20",
    "conv,28,20",
    "conv,32,20",
    "conv64,64,32",
    "conv64,28,32",
    "resnet,28,64",
    "resnet,128,64",
    "kl-autoencoder,64,256",
    "kl-autoencoder,40,100",
    "kl-autoencoder,8,4"
  })
  void everyArchitectureFitsItsImages(String name, int size, int latent) {
    Architecture architecture =
        Architecture.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    assertEquals(name, architecture.id());
    ImageShape image = new ImageShape(size, size, 3);
    Architecture.Layout layout = architecture.layout(image.features(), image, Activation.RELU);
    assertEquals(latent, layout.latent());
    VaeSpec plain = VaeSpec.builder(image.features()).image(image).latent(latent).build();
    VaeSpec spec =
        new VaeSpec(
            plain.features(),
            layout.encoder(),
            latent,
            layout.decoder(),
            plain.likelihood(),
            plain.initializer(),
            image,
            null,
            plain.latents(),
            false,
            plain.names(),
            null);
    Shape codes = spec.codeShape();
    boolean spatial = architecture == Architecture.KL_AUTOENCODER;
    assertEquals(spatial ? new Shape(size / 8, size / 8, 4) : Shape.flat(latent), codes);
  }

  @Test
  void architecturesOfImagesNeedThem() {
    Thrown.says(
        IllegalArgumentException.class,
        () -> Architecture.CONV.layout(784, null, Activation.RELU),
        "architecture: expected rows that are images for conv, given rows of 784 values without a shape");
    Thrown.says(
        IllegalArgumentException.class,
        () -> Architecture.KL_AUTOENCODER.layout(784, new ImageShape(28, 28, 1), Activation.RELU),
        "kl-autoencoder: expected a height and a width that are multiples of 8, given 28 x 28");
  }
}
