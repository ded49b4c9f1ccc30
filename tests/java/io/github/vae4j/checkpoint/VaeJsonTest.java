// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.vae4j.Thrown;
import io.github.vae4j.data.DataNames;
import io.github.vae4j.data.ImageShape;
import io.github.vae4j.likelihood.Likelihood;
import io.github.vae4j.likelihood.Likelihoods;
import io.github.vae4j.model.Condition;
import io.github.vae4j.model.Prior;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.schema.Column;
import io.github.vae4j.schema.Kind;
import io.github.vae4j.schema.Reading;
import io.github.vae4j.schema.Schema;
import io.github.vae4j.train.Objective;
import io.github.vae4j.train.TrainConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VaeJsonTest {
  private static final String MNIST =
      """
      {
        "format": 1,
        "model": {
          "features": 784,
          "encoder": [ {
            "dense": 400,
            "activation": "relu"
          } ],
          "latent": 20,
          "decoder": [ {
            "dense": 400,
            "activation": "relu"
          } ],
          "likelihood": "bernoulli",
          "initializer": "pytorch",
          "image": {
            "width": 28,
            "height": 28,
            "channels": 1
          }
        },
        "training": {
          "epochs": 10,
          "batch": 128,
          "objective": {
            "bound": {
              "kind": "elbo",
              "samples": 1,
              "groups": 1,
              "alpha": 0.0,
              "gradient": "analytic"
            },
            "beta": 1.0,
            "warmup": {
              "curve": "linear",
              "epochs": 0.0,
              "cycles": 1
            },
            "freeBits": 0.0,
            "capacity": {
              "nats": 0.0,
              "epochs": 0.0
            },
            "mmd": 0.0,
            "totalCorrelation": 0.0
          },
          "optimizer": {
            "learningRate": 0.001,
            "beta1": 0.9,
            "beta2": 0.999,
            "epsilon": 1.0E-8,
            "weightDecay": 0.0,
            "decoupled": false,
            "clipNorm": 0.0
          },
          "schedule": {
            "shape": "constant",
            "warmupSteps": 0,
            "stepEpochs": 1,
            "factor": 1.0
          },
          "seed": 0,
          "binarize": "none",
          "emaDecay": 0.0,
          "patience": 0,
          "maxSkips": 20
        },
        "data": {
          "train": "mnist",
          "test": "mnist:test",
          "validationFraction": 0.0
        }
      }
      """;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("vae.json");
  }

  private static RunFile mnist() {
    return new RunFile(
        VaeSpec.builder(784).image(new ImageShape(28, 28, 1)).build(),
        TrainConfig.defaults(),
        new DataSource("mnist", "mnist:test", 0));
  }

  @Test
  void writesTextForPeople() throws IOException {
    VaeJson.write(file, mnist());
    String origin = ",\n  \"madeIn\": \"" + RunOrigin.of(file) + "\"\n}\n";
    assertEquals(MNIST.replaceAll("\n}\n$", origin), Files.readString(file));
    assertEquals(mnist(), VaeJson.read(file));
  }

  @Test
  void everyFieldComesBack() throws ReflectiveOperationException {
    Objective elbo = Objective.elbo();
    List<TrainConfig> configs =
        List.of(
            Specs.CONFIG,
            Specs.CONFIG.toBuilder().objective(elbo.withFreeBits(0.25)).build(),
            Specs.CONFIG.toBuilder()
                .objective(elbo.withCapacity(new Objective.Capacity(25, 3.5)))
                .build());
    for (TrainConfig config : configs) {
      RunFile run = new RunFile(Specs.SMALL, config, Specs.DATA, Specs.PRINTS);
      VaeJson.write(file, run);
      assertEquals(run, VaeJson.read(file));
    }
    assertFieldsDiffer(configs, TrainConfig.defaults());
  }

  /** So that a field that is not written shows: one of the records has another value in it. */
  private static void assertFieldsDiffer(List<? extends Record> records, Record standard)
      throws ReflectiveOperationException {
    for (RecordComponent component : standard.getClass().getRecordComponents()) {
      Object usual = component.getAccessor().invoke(standard);
      List<Object> values = new ArrayList<>();
      for (Record given : records) {
        values.add(component.getAccessor().invoke(given));
      }
      if (usual instanceof Record nested) {
        assertFieldsDiffer(values.stream().map(Record.class::cast).toList(), nested);
      } else {
        assertFalse(
            values.stream().allMatch(value -> Objects.equals(usual, value)), component.getName());
      }
    }
  }

  @Test
  void partsThatMayBeLeftOutMayBe() throws IOException {
    VaeSpec bare = VaeSpec.builder(3).hidden().build();
    for (RunFile run :
        List.of(
            new RunFile(bare, null, null),
            new RunFile(bare, null, new DataSource("x.csv", null, 0)))) {
      VaeJson.write(file, run);
      assertFalse(Files.readString(file).contains("null"));
      assertEquals(run, VaeJson.read(file));
    }
  }

  @Test
  void allLikelihoodsComeBack() {
    List<Likelihood> all = new ArrayList<>();
    Likelihoods.entries().forEach(entry -> all.add(entry.standard()));
    all.add(Likelihoods.parse("gaussian:sigma=0.30000000000000004"));
    for (Likelihood likelihood : all) {
      VaeSpec spec = VaeSpec.builder(4).likelihood(likelihood).build();
      VaeJson.write(file, new RunFile(spec, null, null));
      assertEquals(spec, VaeJson.read(file).model());
    }
  }

  @Test
  void allLatentFamiliesComeBack() {
    for (VaeSpec spec : Specs.families()) {
      VaeJson.write(file, new RunFile(spec, null, null));
      assertEquals(spec, VaeJson.read(file).model());
    }
  }

  @Test
  void wrongLatentFamiliesAreNamed() throws IOException {
    VaeJson.write(file, new RunFile(Specs.families().get(0), null, null));
    String right = Files.readString(file);
    for (String[] wrong :
        new String[][] {
          {"planar:2", "planar:0", "latents.posterior", "1 layer or more, given 0"},
          {"planar:2", "planar:x", "latents.posterior", "given planar:x"},
          {"planar:2", "iaf", "latents.posterior", "diagonal, full or planar:LAYERS"},
          {"\"standard\"", "\"vamp:3\"", "latents", "expected posterior diagonal", "planar:2"},
          {"\"prior\"", "\"priors\"", "priors", "did you mean prior"},
        }) {
      Files.writeString(file, right.replace(wrong[0], wrong[1]));
      Thrown.says(
          CheckpointException.class,
          () -> VaeJson.read(file),
          Arrays.copyOfRange(wrong, 2, wrong.length));
    }
  }

  private static Schema counts(String... names) {
    return new Schema(
        Stream.of(names).map(name -> new Column(name, new Kind.Count(3), 0, "")).toList(),
        Reading.DEFAULTS);
  }

  @Test
  void theSchemaOfAModelComesBack() {
    VaeSpec spec = VaeSpec.builder(2).build().withSchema(counts("a", "b"));
    VaeJson.write(file, new RunFile(spec, null, null));
    assertEquals(spec, VaeJson.read(file).model());
  }

  @Test
  void allKeysOfTheModelAreKnown() throws IOException {
    VaeSpec spec =
        VaeSpec.builder(4)
            .image(new ImageShape(2, 2, 1))
            .prior(Prior.parse("mog:2"))
            .condition(new Condition.Labels(2))
            .maskInput(true)
            .build()
            .named(new DataNames(List.of("a", "b", "c", "d"), null, List.of("cat", "dog")))
            .withSchema(counts("a", "b", "c", "d"));
    VaeJson.write(file, new RunFile(spec, null, null));
    JsonNode model = new ObjectMapper().readTree(file.toFile()).get("model");
    List<String> keys = new ArrayList<>();
    model.fieldNames().forEachRemaining(keys::add);
    assertEquals(
        Arrays.stream(VaeSpec.class.getRecordComponents()).map(RecordComponent::getName).toList(),
        keys,
        "a component of VaeSpec that vae.json does not hold would be lost");
  }

  @Test
  void wholeNumbersAreNumbersToo() throws IOException {
    Files.writeString(file, MNIST.replace("\"beta\": 1.0", "\"beta\": 4"));
    TrainConfig training = VaeJson.read(file).training();
    assertEquals(4.0, training == null ? 0 : training.objective().beta());
  }

  static Stream<Arguments> wrongValues() {
    return Stream.of(
        wrong("\"latent\": 20", "\"latent\": 0", "model.latent: expected 1 or more, given 0"),
        wrong(
            "\"latent\": 20",
            "\"latnt\": 20",
            "model.latnt: unknown key; did you mean latent or latents?"),
        wrong("\"latent\": 20,", "", "model.latent: missing; expected a whole number"),
        wrong(
            "\"latent\": 20",
            "\"latent\": null",
            "model.latent: expected a whole number, given null"),
        wrong(
            "\"latent\": 20",
            "\"latent\": \"20\"",
            "model.latent: expected a whole number, given \"20\""),
        wrong(
            "\"latent\": 20",
            "\"latent\": 20.5",
            "model.latent: expected a whole number, given 20.5"),
        wrong(
            "\"latent\": 20",
            "\"latent\": 3000000000",
            "model.latent: expected 2147483647 or less"),
        wrong(
            "\"features\": 784",
            "\"features\": -1",
            "model.features: expected 1 or more, given -1"),
        wrong(
            "\"features\": 784",
            "\"features\": 783",
            "model.image: it has 784 values, and features is 783"),
        wrong(
            "\"dense\": 400",
            "\"dense\": 0",
            "model.encoder[0].dense: expected 1 or more, given 0"),
        wrong(
            "\"dense\": 400",
            "\"conv\": 400",
            "model.encoder[0].conv: unknown key; expected one of activation, dense"),
        wrong(
            "\"activation\": \"relu\"",
            "\"activation\": \"rleu\"",
            "model.encoder[0].activation: expected one of identity, relu, tanh"),
        wrong(
            "\"likelihood\": \"bernoulli\"", "\"likelihood\": \"bernouli\"", "model.likelihood: "),
        wrong(
            "\"initializer\": \"pytorch\"",
            "\"initializer\": 1",
            "model.initializer: expected a text, given 1"),
        wrong(
            "\"initializer\": \"pytorch\"",
            "\"initializer\": \"x\"",
            "model.initializer: expected one of pytorch, glorot, he, given \"x\""),
        wrong(
            "\"channels\": 1",
            "\"channels\": 0",
            "model.image: expected width, height and channels of 1 or more"),
        wrong(
            "\"channels\": 1",
            "\"depth\": 1",
            "model.image.depth: unknown key; expected one of channels, height, width"),
        wrong("\"width\": 28", "\"width\": 1e9", "model.image.width: expected a whole number"),
        wrong("\"epochs\": 10", "\"epochs\": 0", "training.epochs: expected 1 or more, given 0"),
        wrong(
            "\"epochs\": 10", "\"epoch\": 10", "training.epoch: unknown key; did you mean epochs?"),
        wrong("\"epochs\": 10,", "", "training.epochs: missing"),
        wrong(
            "\"samples\": 1",
            "\"samples\": 0",
            "training.objective.bound.samples: expected 1 or more, given 0"),
        wrong(
            "\"beta\": 1.0",
            "\"beta\": -1",
            "training.objective.beta: expected a number of 0.0 or more, given -1"),
        wrong("\"beta\": 1.0", "\"beta\": 1e999", "training.objective.beta: expected a number"),
        wrong(
            "\"beta\": 1.0",
            "\"beta\": true",
            "training.objective.beta: expected a number, given true"),
        wrong(
            "\"beta1\": 0.9",
            "\"beta1\": 1.5",
            "training.optimizer.beta1: expected 0.0 to 1.0, given 1.5"),
        wrong(
            "\"beta1\": 0.9",
            "\"beta3\": 0.9",
            "training.optimizer.beta3: unknown key; did you mean beta1 or beta2?"),
        wrong(
            "\"decoupled\": false",
            "\"decoupled\": 0",
            "training.optimizer.decoupled: expected true or false, given 0"),
        wrong(
            "\"shape\": \"constant\"",
            "\"shape\": \"flat\"",
            "training.schedule.shape: expected one of constant, cosine, step, burda, given"
                + " \"flat\""),
        wrong(
            "\"seed\": 0",
            "\"seed\": 9223372036854775808",
            "training.seed: expected a whole number of 64 bits"),
        wrong("\"train\": \"mnist\",", "", "data.train: missing; expected a text"),
        wrong(
            "\"validationFraction\": 0.0",
            "\"validationFraction\": 1",
            "data.validationFraction: expected 0 or more and less than 1, given 1.0"),
        wrong("\"data\": {", "\"dta\": {", "dta: unknown key; did you mean data?"),
        wrong("\"data\": {", "\"data\": [{", "line "),
        wrong("\"format\": 1", "\"format\": 2", "format: expected 1, given 2; a newer vae4j"),
        wrong("\"format\": 1,", "", "format: missing"),
        wrong(
            "\"latent\": 20",
            "\"latent\": 20, \"latent\": 21",
            "line 9, column",
            "Duplicate field 'latent'"),
        wrong("\"latent\": 20", "\"latent\": 020", "line 9, column"),
        wrong("\"features\": 784,", "\"features\": 784", "line 5, column"),
        wrong("\"dense\": 400", "\"dense\": 2000000000", "model: it has more parameters than"));
  }

  private static Arguments wrong(String right, String wrong, String... problem) {
    return Arguments.of(right, wrong, problem);
  }

  @ParameterizedTest(name = "{index}: {1}")
  @MethodSource
  void wrongValues(String right, String wrong, String[] problem) throws IOException {
    int at = MNIST.indexOf(right);
    Files.writeString(file, MNIST.substring(0, at) + wrong + MNIST.substring(at + right.length()));
    Thrown.says(CheckpointException.class, () -> VaeJson.read(file), file + ": " + problem[0]);
    Thrown.says(CheckpointException.class, () -> VaeJson.read(file), problem);
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws IOException {
    Thrown.says(
        CheckpointException.class,
        () -> VaeJson.read(file),
        file + ": cannot be read: there is no");
    Files.write(file, Bits.bytes("{\"format\": \"", Bits.hex("ff"), "\"}"));
    Thrown.says(CheckpointException.class, () -> VaeJson.read(file), "it is not UTF-8 text");
    for (String text : List.of("", "[]", "1", "null", "nonsense", "{}")) {
      Files.writeString(file, text);
      Thrown.says(CheckpointException.class, () -> VaeJson.read(file), file + ": ");
    }
  }

  @Test
  void anyDamageIsReportedOrHarmless() throws IOException {
    Random random = new Random(5);
    byte[] good = MNIST.getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int i = 0; i < 600; i++) {
      Files.write(file, Bits.damage(good, random));
      try {
        VaeJson.read(file);
      } catch (CheckpointException e) {
        refused++;
      }
    }
    assertFalse(refused < 300, "refused " + refused + " of 600");
  }
}
