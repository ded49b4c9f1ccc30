// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.vae4j.Thrown;
import io.github.vae4j.backend.Activation;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.DropoutLayer;
import io.github.vae4j.model.Initializer;
import io.github.vae4j.model.Latents;
import io.github.vae4j.model.Layer;
import io.github.vae4j.model.Layers;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.TopLevel;
import io.github.vae4j.model.VaeSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers in vae.json and in files of tensors. */
final class LayerFilesTest {
  private static final Path SOURCE = Path.of("vae.json");

  @TempDir private Path folder;

  private static VaeSpec normal() {
    return VaeSpec.builder(7)
        .layers(Layers.parse("5,norm,dropout:0.1,4,layer-norm", Activation.RELU))
        .latent(2)
        .build();
  }

  private static String text(String encoder, String further) {
    return """
    {"format": 1, "model": {"features": 7, "encoder": [%s], "latent": 2, "decoder": [],
    "likelihood": "bernoulli", "initializer": "pytorch"%s}}
    """
        .formatted(encoder, further);
  }

  @Test
  void everyLayerHasItsSettings() {
    assertEquals(
        "[{\"dense\":5,\"activation\":\"relu\"},{\"batch_norm\":0.1,\"epsilon\":1.0E-5},"
            + "{\"dropout\":0.1},{\"dense\":4,\"activation\":\"relu\"},{\"layer_norm\":1.0E-5}]",
        LayerJson.write(normal().encoder()).toString());
  }

  @Test
  void everySettingComesBack() {
    List<Layer> encoder =
        List.of(
            new Layer.LayerNorm(1e-6f),
            new Layer.Dense(5, Activation.GELU),
            new Layer.BatchNorm(0.25f, 1e-3f),
            new DropoutLayer(0.7f),
            new DropoutLayer(0));
    List<Layer> decoder = List.of(new Layer.BatchNorm(0, 1), new Layer.Dense(3, Activation.TANH));
    VaeSpec spec =
        new VaeSpec(
            7,
            encoder,
            2,
            decoder,
            Likelihoods.parse("bernoulli"),
            Initializer.HE,
            null,
            null,
            Latents.STANDARD.withTop(new TopLevel(decoder, 4, encoder)),
            false,
            DataNames.NONE,
            null);
    Path file = folder.resolve("vae.json");
    VaeJson.write(file, new RunFile(spec, null, null));
    assertEquals(spec, VaeJson.read(file).model());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'dense': 0, 'activation': 'relu'}|model.encoder[0].dense|expected 1 or more, given 0",
        "{'dense': 5}|model.encoder[0]|activation",
        "{'dens': 5, 'activation': 'relu'}|model.encoder[0]|dens",
        "{'batch_norm': 2, 'epsilon': 1e-5}|model.encoder[0].batch_norm"
            + "|batch-norm: momentum: expected 0 to 1, given 2.0",
        "{'batch_norm': 0.1, 'epsilon': 0}|model.encoder[0].batch_norm"
            + "|batch-norm: epsilon: expected a finite number above 0, given 0.0",
        "{'batch_norm': 0.1}|model.encoder[0]|epsilon",
        "{'batch_norm': 0.1, 'epsilon': 1, 'dropout': 0.1}|model.encoder[0]|dropout",
        "{'layer_norm': -1}|model.encoder[0].layer_norm|above 0, given -1.0",
        "{'dropout': 1}|model.encoder[0].dropout|0 or more and below 1, given 1.0",
        "{'dropout': 'much'}|model.encoder[0].dropout|much",
        "{'dense': 1, 'activation': 'relu'}, {'layer_norm': 1e-5}|model"
            + "|encoder.1: layer-norm: expected rows of 2 values or more",
      })
  void wrongLayersAreRefusedByName(String encoder, String where, String problem) {
    String text = text(encoder.replace('\'', '"'), "");
    Thrown.says(
        CheckpointException.class, () -> VaeJson.parse(SOURCE, text), "vae.json", where, problem);
  }

  @Test
  void batchNormWithAVampPriorIsRefusedByTheFilesName() {
    String vamp = ", \"latents\": {\"posterior\": \"diagonal\", \"prior\": \"vamp:3\"}";
    String norm =
        "{\"dense\": 5, \"activation\": \"relu\"}, {\"batch_norm\": 0.1, \"epsilon\": 1e-5}";
    Thrown.says(
        CheckpointException.class,
        () -> VaeJson.parse(SOURCE, text(norm, vamp)),
        "vae.json",
        "encoder: expected no batch-norm with prior vamp:3");
  }

  /** The names and shapes of BatchNorm1d and LayerNorm in PyTorch. */
  @Test
  void tensorsAreThoseOfPyTorchsNormalisations() {
    VaeSpec spec = normal();
    Path file = folder.resolve("model.safetensors");
    float[] parameters = Specs.parameters(spec, 3);
    ModelFile.save(file, spec, parameters);
    Bits.assertSame(parameters, ModelFile.load(file).parameters());
    ParameterLayout layout = new ParameterLayout(spec);
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      for (String name : List.of("weight", "bias", "running_mean", "running_var")) {
        float[] read = new float[5];
        reader.floats(reader.tensor("encoder.1." + name, TensorType.F32, 5), 0, read, 0, 5);
        int at = layout.place("encoder.1." + name).offset();
        Bits.assertSame(Arrays.copyOfRange(parameters, at, at + 5), read);
        reader.tensor("decoder.3." + name, TensorType.F32, 5);
      }
      reader.tensor("encoder.4.weight", TensorType.F32, 4);
      reader.tensor("encoder.4.bias", TensorType.F32, 4);
      assertFalse(reader.tensors().containsKey("encoder.4.running_mean"));
      assertFalse(
          reader.tensors().keySet().stream().anyMatch(name -> name.startsWith("encoder.2")));
    }
  }

  /** Moments and averages have no state of their own. */
  @Test
  void aCheckpointHasStateOnce() {
    VaeSpec spec = normal();
    ParameterLayout layout = new ParameterLayout(spec);
    Set<String> all = LayerTensors.names("", layout, LayerTensors.Part.ALL);
    Set<String> trained = LayerTensors.names("", layout, LayerTensors.Part.TRAINED);
    Set<String> state = new TreeSet<>(all);
    state.removeAll(trained);
    assertEquals(
        Set.of(
            "encoder.1.running_mean",
            "encoder.1.running_var",
            "decoder.3.running_mean",
            "decoder.3.running_var"),
        state);
    assertArrayEquals(
        all.stream().filter(trained::contains).toArray(), trained.toArray(), "the same order");
  }
}
