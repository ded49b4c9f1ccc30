// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.data.ImageShape;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LayersTest {
  private static List<Layer> parse(String text) {
    return Layers.parse(text, Activation.RELU);
  }

  private static String names(List<Layer> layers) {
    return layers.stream().map(Layer::name).collect(Collectors.joining(","));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "400",
        "batch-norm",
        "layer-norm",
        "dropout:0.1",
        "dropout:0.0",
        "group-norm:8",
        "conv:32x4s2p1",
        "conv:4x3x5s1x2p0x1d2g2",
        "deconv:8x3s2p1o1",
        "deconv:outx1x4s1x2p0x1o0",
        "max-pool:3s2p1",
        "avg-pool:1x2s1x2p0",
        "global-pool",
        "upsample:2",
        "bilinear:1x3",
        "pixel-shuffle:2",
        "pixel-unshuffle:2x1",
        "flatten",
        "attention",
        "attention:4",
        "reshape:64x4x4",
        "silu"
      })
  void layersAreReadAsTheyAreWritten(String text) {
    assertEquals(text, Layer.parse(text, Activation.RELU).name());
  }

  @Test
  void namesAreThoseOfPyTorchsLayersWithItsSettings() {
    assertEquals(
        List.of(
            new Layer.Dense(4, Activation.TANH),
            new Layer.BatchNorm(0.1f, 1e-5f),
            new Layer.BatchNorm(),
            new Layer.LayerNorm(1e-5f),
            new DropoutLayer(0.25f)),
        Layers.parse("4, norm,batch-norm , layer-norm,dropout:0.25", Activation.TANH));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|dense layer: expected 1 unit or more, given 0",
        "abc|expected a number of units as in 400, norm (or batch-norm), layer-norm,",
        "abc|given \"abc\"",
        "''|given \"\"",
        "400,,2|given \"\"",
        "dropout|given \"dropout\"",
        "dropout:|given \"dropout:\"",
        "dropout:1|dropout: expected a rate of 0 or more and below 1, given 1.0",
        "dropout:-0.1|below 1, given -0.1",
        "dropout:NaN|below 1, given NaN",
      })
  void wrongLayersAreNamed(String text, String problem) {
    Thrown.says(IllegalArgumentException.class, () -> parse(text), problem);
  }

  @Test
  void wrongSettingsAreNamed() {
    Thrown.says(
        IllegalArgumentException.class,
        () -> new Layer.BatchNorm(1.5f, 1e-5f),
        "batch-norm: momentum: expected 0 to 1, given 1.5");
    Thrown.says(
        IllegalArgumentException.class,
        () -> new Layer.BatchNorm(0.1f, 0),
        "batch-norm: epsilon: expected a finite number above 0, given 0.0");
    Thrown.says(
        IllegalArgumentException.class,
        () -> new Layer.LayerNorm(Float.POSITIVE_INFINITY),
        "layer-norm: epsilon: expected a finite number above 0, given Infinity");
  }

  /** A dense layer and those that follow it stay together. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|400",
        "400,200|200,400",
        "400,norm,200|200,400,batch-norm",
        "9,norm,dropout:0.5,8,layer-norm|8,layer-norm,9,batch-norm,dropout:0.5",
        "layer-norm,9,8|8,9",
        "9,group-norm:3,8|8,9,group-norm:3",
      })
  void aDecoderMirrorsItsEncoder(String encoder, String decoder) {
    assertEquals(decoder, names(Layers.mirrored(parse(encoder))));
  }

  /** The decoder of an encoder of images of 28 x 28 pixels in one channel. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conv:32x4s2,conv:64x4s2,256|256,3136,reshape:64x7x7,deconv:32x4s2p1o0,deconv:outx4s2p1o0",
        "norm,conv:8x3s2,norm|1568,reshape:8x14x14,batch-norm,deconv:outx3s2p1o1",
        "conv:8x3,max-pool:2,conv:9x5s3"
            + "|144,reshape:9x4x4,deconv:8x5s3p1o2,upsample:2,deconv:outx3s1p1o0",
        "conv:8x3s2,group-norm:2,dropout:0.5,conv:16x3s2,norm,flatten,9"
            + "|9,784,reshape:16x7x7,batch-norm,deconv:8x3s2p1o1,group-norm:2,dropout:0.5,"
            + "deconv:outx3s2p1o1",
        "conv:8x4s2,attention:2,conv:9x3s2,attention,flatten,9"
            + "|9,441,reshape:9x7x7,attention,deconv:8x3s2p1o1,attention:2,deconv:outx4s2p1o0",
        "conv:8x4s2,conv:outx3|deconv:8x3s1p1o0,deconv:outx4s2p1o0",
        "conv:8x7s7p0,global-pool|8,reshape:8x1x1,upsample:4,deconv:outx7s7p0o0",
        "conv:8x28p0,norm,5|5,8,reshape:8x1x1,batch-norm,deconv:outx28s1p0o0",
        "pixel-unshuffle:2,conv:8x3s2|392,reshape:8x7x7,deconv:4x3s2p1o1,pixel-shuffle:2",
        "upsample:2,conv:4x3s4,reshape:7x7x16,flatten,20"
            + "|20,784,reshape:7x7x16,flatten,reshape:4x14x14,deconv:1x3s4p0o1,avg-pool:2s2p0",
        "avg-pool:2,deconv:4x2s2p0|3136,reshape:4x28x28,conv:1x2s2p0,upsample:2",
      })
  void aDecoderEnlargesWhatItsEncoderReduces(String encoder, String decoder) {
    assertEquals(decoder, names(Layers.mirrored(parse(encoder), 784, new ImageShape(28, 28, 1))));
  }

  @Test
  void aMirrorHasTheActivationOfTheLayerBefore() {
    List<Layer> encoder = parse("conv:8x4s2,tanh,conv:8x4s2,elu,9,silu");
    assertEquals(
        List.of("silu", "elu", "tanh", "identity"),
        Layers.mirrored(encoder, 784, new ImageShape(28, 28, 1)).stream()
            .filter(layer -> layer.activation() != null)
            .map(layer -> String.valueOf(layer.activation()).toLowerCase(Locale.ROOT))
            .toList());
  }

  /** Without a padding, a stride of 1 keeps the size, and one of s divides or multiplies it. */
  @ParameterizedTest
  @CsvSource({
    "conv:1x3,12",
    "conv:1x5,12",
    "conv:1x1,12",
    "conv:1x3d3,12",
    "conv:1x4s2,6",
    "conv:1x3s2,6",
    "conv:1x5s3,4",
    "deconv:1x4s2,24",
    "deconv:1x3s2,24",
    "deconv:1x5s3,36",
    "deconv:1x2s2,24",
    "deconv:1x3,12"
  })
  void thePaddingFollowsFromKernelAndStride(String text, int size) {
    Shape given = Layer.parse(text, Activation.RELU).output(new Shape(12, 12, 2));
    assertEquals(new Shape(size, size, 1), given);
  }

  @Test
  void aSeriesIsAnImageOfOneRow() {
    Shape series = new Shape(1, 100, 2);
    assertEquals(new Shape(1, 50, 4), Layer.parse("conv1d:4x5s2", Activation.RELU).output(series));
    assertEquals(
        new Shape(1, 200, 4), Layer.parse("deconv1d:4x4s2", Activation.RELU).output(series));
    Thrown.says(
        IllegalArgumentException.class,
        () -> Layer.parse("conv1d:4x5s2", Activation.RELU).output(new Shape(28, 28, 1)),
        "conv1d:4x5s2p2: expected a series, an image of one line, given an input of 28 x 28 x 1; for"
            + " images of several lines use conv:");
    Thrown.says(
        IllegalArgumentException.class,
        () -> Layer.parse("deconv1d:4x4s2", Activation.RELU).output(new Shape(2, 8, 1)),
        "use deconv:");
    for (String text : List.of("conv1d:4x5s2p2", "deconv1d:4x4s2p1o0d2", "conv1d:outx3s1p1g1")) {
      String name = Layer.parse(text, Activation.RELU).name();
      assertEquals(Layer.parse(text, Activation.RELU), Layer.parse(name, Activation.RELU));
      assertTrue(name.contains("conv1d:"), name);
    }
    Thrown.says(
        IllegalArgumentException.class,
        () -> parse("conv1d:4x5x5"),
        "conv1d:4x5x5: expected one size, that of a series, given two");
  }

  /** One activation in the text takes the place of the option for all layers. */
  @Test
  void namedActivationsAreThoseOfTheLayersBeforeThem() {
    assertEquals(
        List.of(
            new Layer.Dense(5, Activation.TANH),
            new Layer.Dense(4, Activation.IDENTITY),
            new Layer.BatchNorm(),
            new ActivationLayer(Activation.LEAKY_RELU),
            new ActivationLayer(Activation.ELU)),
        parse("5,tanh,4,norm,leakyRelu,elu"));
    assertTrue(Layers.activated("3,res(4,norm , relu)"));
    assertFalse(Layers.activated("3,res(4,norm)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conv:8|conv: expected channels and kernel, then stride, padding",
        "conv:8x3s0|stride: expected 1 to 32768, given 0",
        "conv:8x0|kernel: expected 1 to 32768, given 0",
        "conv:0x3|conv: channels: expected 1 or more, or out for the head of a net, given 0",
        "conv:8x3g3|conv: groups: expected a divisor of the 8 output channels, given 3",
        "conv:8x3o1|conv: output padding: expected 0, as it is no deconv, given 1",
        "deconv:8x4s2o2|deconv: output padding: expected 0 to 1, below the stride, given 2",
        "deconv:8x99999|kernel: expected 1 to 32768, given 99999",
        "conv:99999999999x3|",
        "max-pool:2p2|max-pool: expected a padding of at most half the kernel and no dilation, given 2s2p2",
        "group-norm:0|group-norm: groups: expected 1 or more, given 0",
        "group-norm:many|group-norm:many",
        "attention:0|attention: heads: expected 1 or more, given 0",
        "attention:many|attention:many",
        "upsample:0|upsample: expected factors of 1 or more, given 0",
        "reshape:0x1x1|shape: expected sizes of 1 or more",
        "res()|given \"\"",
        "res(conv:8x3|given \"res(conv:8x3\"",
        "conv:8x3)|given \"conv:8x3)\"",
      })
  void wrongLayersOfImagesAreNamed(String text, String problem) {
    Thrown.says(IllegalArgumentException.class, () -> parse(text), problem == null ? "" : problem);
  }

  @Test
  void anActivationIsThatOfDenseLayersAlone() {
    List<Layer> layers = Layers.with(parse("5,norm,4"), Activation.GELU);
    assertEquals(new Layer.Dense(5, Activation.GELU), layers.get(0));
    assertEquals(new Layer.BatchNorm(), layers.get(1));
    assertSame(Activation.GELU, Layers.activation(layers));
    assertSame(Activation.RELU, Layers.activation(List.of()));
    VaeSpec spec = VaeSpec.builder(3).layers(parse("5,norm")).activation(Activation.TANH).build();
    assertEquals(
        List.of(new Layer.Dense(5, Activation.TANH), new Layer.BatchNorm()), spec.encoder());
    assertEquals(spec.encoder(), spec.decoder());
  }
}
