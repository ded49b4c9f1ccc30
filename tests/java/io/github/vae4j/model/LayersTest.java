// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Activation;
import java.util.List;
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
  @ValueSource(strings = {"400", "batch-norm", "layer-norm", "dropout:0.1", "dropout:0.0"})
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
            new Layer.Dropout(0.25f)),
        Layers.parse("4, norm,batch-norm , layer-norm,dropout:0.25", Activation.TANH));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|dense layer: expected 1 unit or more, given 0",
        "abc|expected a number of units as in 400, norm (or batch-norm), layer-norm or",
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
      })
  void aDecoderMirrorsItsEncoder(String encoder, String decoder) {
    assertEquals(decoder, names(Layers.mirrored(parse(encoder))));
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
