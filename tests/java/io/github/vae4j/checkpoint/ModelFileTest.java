// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.vae4j.Thrown;
import io.github.vae4j.checkpoint.LayerTensors.Part;
import io.github.vae4j.checkpoint.SafeTensors.TensorType;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.model.DensePlace;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("model.safetensors");
  }

  @Test
  void comesBackToTheBit() {
    float[] parameters = Specs.parameters(Specs.SMALL, 1);
    ModelFile.save(file, Specs.SMALL, parameters);
    ModelFile.Model model = ModelFile.load(file);
    assertEquals(Specs.SMALL, model.spec());
    Bits.assertSame(parameters, model.parameters());
  }

  @Test
  void allLatentFamiliesComeBack() {
    for (VaeSpec spec : Specs.families()) {
      float[] parameters = Specs.parameters(spec, 1);
      ModelFile.save(file, spec, parameters);
      assertEquals(spec, ModelFile.load(file).spec());
      Bits.assertSame(parameters, ModelFile.load(file).parameters());
    }
  }

  @Test
  void sharedParametersAreATensorOfTheirOwn() {
    float[] parameters = Specs.parameters(Specs.SHARING, 1);
    ModelFile.save(file, Specs.SHARING, parameters);
    Bits.assertSame(parameters, ModelFile.load(file).parameters());
    try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
      float[] shared = new float[2];
      reader.floats(reader.tensor("observation.shared", TensorType.F32, 2), 0, shared, 0, 2);
      int offset = new ParameterLayout(Specs.SHARING).place(ParameterLayout.SHARED).offset();
      Bits.assertSame(Arrays.copyOfRange(parameters, offset, offset + 2), shared);
    }
  }

  @Test
  void theSameModelIsTheSameFile() throws IOException {
    float[] parameters = Specs.parameters(Specs.SMALL, 1);
    ModelFile.save(file, Specs.SMALL, parameters);
    byte[] first = Files.readAllBytes(file);
    ModelFile.save(file, Specs.SMALL, parameters);
    assertArrayEquals(first, Files.readAllBytes(file));
  }

  /**
   * PyTorch's view of a file, from its bytes by the rules of the format: nn.Linear computes y_o =
   * sum_i weight[o, i] x_i + bias[o], row-major, little-endian.
   */
  @Test
  void tensorsAreThoseOfPyTorchsLinear() throws IOException {
    ParameterLayout layout = new ParameterLayout(Specs.SMALL);
    float[] flat = new float[layout.length()];
    // Each weight says where it belongs: 10000 layer + 100 input + output.
    List<DensePlace> layers = new ArrayList<>(DensePlace.encoder(layout));
    layers.addAll(DensePlace.decoder(layout));
    for (int k = 0; k < layers.size(); k++) {
      DensePlace layer = layers.get(k);
      for (int i = 0; i < layer.inputs(); i++) {
        for (int o = 0; o < layer.outputs(); o++) {
          flat[layer.weightOffset() + i * layer.outputs() + o] = 10_000 * k + 100 * i + o;
        }
      }
      for (int o = 0; o < layer.outputs(); o++) {
        flat[layer.biasOffset() + o] = -o - 1;
      }
    }
    ModelFile.save(file, Specs.SMALL, flat);

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    assertEquals(0, header % 8, "data is aligned");
    JsonNode json =
        new ObjectMapper().readTree(new String(bytes.array(), 8, header, StandardCharsets.UTF_8));
    assertEquals("pt", json.get("__metadata__").get("format").textValue());

    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    assertEquals(
        List.of(
            "__metadata__",
            "decoder.0.bias",
            "decoder.0.weight",
            "encoder.0.bias",
            "encoder.0.weight",
            "encoder.1.bias",
            "encoder.1.weight",
            "observation.bias",
            "observation.weight",
            "posterior.bias",
            "posterior.weight"),
        names);
    String[] dense = {"encoder.0", "encoder.1", "posterior", "decoder.0", "observation"};
    // A condition of three classes stands beside the 6 features and the 2 latent dimensions.
    int[] inputs = {6 + 3, 17, 5, 2 + 3, 3};
    int[] outputs = {17, 5, 4, 3, 6};
    for (int k = 0; k < dense.length; k++) {
      JsonNode weight = json.get(dense[k] + ".weight");
      JsonNode bias = json.get(dense[k] + ".bias");
      assertEquals("F32", weight.get("dtype").textValue());
      assertEquals("[" + outputs[k] + "," + inputs[k] + "]", weight.get("shape").toString());
      assertEquals("[" + outputs[k] + "]", bias.get("shape").toString());
      int weightAt = 8 + header + weight.get("data_offsets").get(0).intValue();
      int biasAt = 8 + header + bias.get("data_offsets").get(0).intValue();
      for (int o = 0; o < outputs[k]; o++) {
        for (int i = 0; i < inputs[k]; i++) {
          assertEquals(
              10_000 * k + 100 * i + o, bytes.getFloat(weightAt + 4 * (o * inputs[k] + i)));
        }
        assertEquals(-o - 1, bytes.getFloat(biasAt + 4 * o));
      }
    }
  }

  @Test
  void aModelOfPyTorchNeedsTheSpecificationBesideIt() {
    float[] parameters = Specs.parameters(Specs.SMALL, 2);
    SafeTensorsWriter plain = new SafeTensorsWriter().metadata("format", "pt");
    LayerTensors.write(plain, file, "", new ParameterLayout(Specs.SMALL), Part.ALL, parameters);
    plain.write(file);
    Thrown.says(
        CheckpointException.class,
        () -> ModelFile.load(file),
        file + ": its metadata has no vae4j.model, and there is no " + folder.resolve("vae.json"));
    VaeJson.write(folder.resolve("vae.json"), new RunFile(Specs.SMALL, null, null));
    Bits.assertSame(parameters, ModelFile.load(file).parameters());
    assertEquals(Specs.SMALL, ModelFile.load(folder).spec());
  }

  @Test
  void aRunFolderIsLoadedWhereItsFilesAgree() {
    Thrown.says(
        CheckpointException.class, () -> ModelFile.load(folder), "there is no model.safetensors");
    ModelFile.save(file, Specs.SMALL, Specs.parameters(Specs.SMALL, 2));
    assertEquals(Specs.SMALL, ModelFile.load(folder).spec());
    VaeJson.write(folder.resolve("vae.json"), new RunFile(Specs.SMALL, null, null));
    assertEquals(Specs.SMALL, ModelFile.load(folder).spec());
    VaeJson.write(folder.resolve("vae.json"), new RunFile(VaeSpec.builder(6).build(), null, null));
    Thrown.says(
        CheckpointException.class,
        () -> ModelFile.load(folder),
        "vae.json: its model is not that of model.safetensors",
        "latent is 20, in model.safetensors 2; ");
  }

  @Test
  void aWeightThatIsNotFiniteIsNeitherWrittenNorRead() throws IOException {
    float[] good = Specs.parameters(Specs.SMALL, 2);
    ModelFile.save(file, Specs.SMALL, good);
    byte[] before = Files.readAllBytes(file);
    ParameterLayout layout = new ParameterLayout(Specs.SMALL);
    ParameterLayout.Place place = layout.place("decoder.0.weight");
    int at = place.offset() + place.length() - 1;
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] weights = good.clone();
      weights[at] = bad;
      String message = file + ": tensor \"decoder.0.weight\": a value is " + bad;
      Thrown.says(
          CheckpointException.class, () -> ModelFile.save(file, Specs.SMALL, weights), message);
      assertArrayEquals(before, Files.readAllBytes(file));

      Path other = folder.resolve("other.safetensors");
      SafeTensorsWriter writer = ModelFile.writer(Specs.SMALL);
      LayerTensors.write(writer, other, "", layout, Part.ALL, good);
      // The array that the writer refers to, changed after the check of its values.
      float last = good[at];
      good[at] = bad;
      writer.write(other);
      good[at] = last;
      Thrown.says(
          CheckpointException.class,
          () -> ModelFile.load(other),
          other + ": tensor \"decoder.0.weight\": a value is " + bad);
    }
  }

  @Test
  void otherTensorsAreNamed() {
    ParameterLayout layout = new ParameterLayout(Specs.SMALL);
    SafeTensorsWriter other = ModelFile.writer(Specs.SMALL);
    LayerTensors.write(other, file, "module.", layout, Part.ALL, new float[layout.length()]);
    other.write(file);
    Thrown.says(
        CheckpointException.class,
        () -> ModelFile.load(file),
        "missing [decoder.0.bias, ",
        "not known [module.decoder.0.bias, ");

    VaeSpec wider = VaeSpec.builder(6).hidden(17, 6).latent(2).build();
    SafeTensorsWriter shapes = ModelFile.writer(VaeSpec.builder(6).hidden(17, 5).latent(2).build());
    ParameterLayout widerLayout = new ParameterLayout(wider);
    LayerTensors.write(shapes, file, "", widerLayout, Part.ALL, new float[widerLayout.length()]);
    shapes.write(file);
    Thrown.says(
        CheckpointException.class,
        () -> ModelFile.load(file),
        "tensor \"encoder.1.weight\": expected F32 [5, 17], given F32 [6, 17]");

    new SafeTensorsWriter().metadata(ModelFile.MODEL, "{\"latent\":1}").write(file);
    Thrown.says(
        CheckpointException.class,
        () -> ModelFile.load(file),
        file + ": vae4j.model: features: missing");
  }

  @Test
  void parametersOfAnotherModelAreRefused() {
    Thrown.says(
        IllegalArgumentException.class,
        () -> ModelFile.save(file, Specs.SMALL, new float[3]),
        "expected " + new ParameterLayout(Specs.SMALL).length() + " values, given 3");
  }

  @Test
  void doubleTensorsAreNotTakenForFloats() {
    SafeTensorsWriter writer = ModelFile.writer(VaeSpec.builder(1).hidden().latent(1).build());
    for (String name :
        List.of("posterior.weight", "posterior.bias", "observation.weight", "observation.bias")) {
      writer.tensor(name, TensorType.F64, sink -> sink.doubles(1, 2), 2, 1);
    }
    writer.write(file);
    Thrown.says(
        CheckpointException.class, () -> ModelFile.load(file), "expected F32, given F64 [2, 1]");
  }

  @Test
  void anyDamageIsReportedOrHarmless() throws IOException {
    float[] parameters = Specs.parameters(Specs.SMALL, 3);
    ModelFile.save(file, Specs.SMALL, parameters);
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      Files.write(file, Bits.damage(good, random));
      try {
        ModelFile.Model model = ModelFile.load(file);
        assertEquals(Specs.SMALL, model.spec());
        Bits.assertSame(parameters, model.parameters());
      } catch (CheckpointException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": "));
        refused++;
      }
    }
    assertTrue(refused > 850, "refused " + refused + " of 1000");
  }

  @Test
  void everySingleBitMatters() throws IOException {
    VaeSpec tiny = VaeSpec.builder(1).hidden().latent(1).build();
    float[] parameters = Specs.parameters(tiny, 3);
    ModelFile.save(file, tiny, parameters);
    byte[] good = Files.readAllBytes(file);
    int data = 8 + (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    // All bits of the length and the data; of the JSON's bytes one each, another each time.
    for (int bit = 0; bit < 8 * good.length; bit += bit / 8 < 8 || bit / 8 >= data ? 1 : 9) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, bad);
      if (bit / 8 >= data) {
        assertThrows(CheckpointException.class, () -> ModelFile.load(file));
      } else {
        try {
          ModelFile.Model model = ModelFile.load(file);
          assertEquals(tiny, model.spec());
          Bits.assertSame(parameters, model.parameters());
        } catch (CheckpointException e) {
          assertTrue(e.file().equals(file));
        }
      }
    }
  }

  /** The shapes are compared before memory for the model is taken: here 400 MB for each layer. */
  @Test
  void aLargeModelOfASmallFileIsRefused() {
    VaeSpec large = VaeSpec.builder(1).hidden(99_999_999).latent(1).build();
    SafeTensorsWriter writer = ModelFile.writer(large);
    for (ParameterLayout.Place place : new ParameterLayout(large).places()) {
      writer.tensor(place.name(), TensorType.F32, sink -> {}, 0);
    }
    writer.write(file);
    CheckpointException error = assertThrows(CheckpointException.class, () -> ModelFile.load(file));
    assertTrue(
        String.valueOf(error.getMessage())
            .contains("encoder.0.weight\": expected F32 [99999999, 1], given F32 [0]"),
        error.getMessage());
  }

  @Test
  void anImpossibleImageIsRefused() throws IOException {
    Path json = folder.resolve("vae.json");
    VaeJson.write(
        json, new RunFile(VaeSpec.builder(4).image(new ImageShape(2, 2, 1)).build(), null, null));
    String text = Files.readString(json).replace("\"height\": 2", "\"height\": 2147483640");
    Files.writeString(json, text);
    CheckpointException error = assertThrows(CheckpointException.class, () -> VaeJson.read(json));
    assertTrue(
        String.valueOf(error.getMessage()).contains("expected fewer than 2^31 values"),
        error.getMessage());
  }
}
