// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.data.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nets of images from the command line: trained, resumed, used and refused. */
final class ArchitectureCommandsTest {
  @TempDir private Path folder;

  /** Eight images of 16 x 16 pixels. */
  private String data() throws IOException {
    int[] values = new int[8 * 16 * 16];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 37 % 256;
    }
    Path file = folder.resolve("images.npy");
    Bytes.npy("|u1", false, "(8, 16, 16)").u8(values).write(file);
    return "--data=" + file;
  }

  private String out(String name) {
    return "--out=" + folder.resolve(name);
  }

  private byte[] model(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name).resolve("model.safetensors"));
  }

  @ParameterizedTest
  @CsvSource({"conv,2", "conv64,2", "resnet,2", "kl-autoencoder,16"})
  void everyArchitectureIsTrainedAndUsed(String name, int latent) throws IOException {
    String data = data();
    Cli.ok(
        "train",
        data,
        out("run"),
        "--arch=" + name,
        "--latent=" + latent,
        "--epochs=1",
        "--batch=4",
        "--likelihood=gaussian-learned");
    String model = "--model=" + folder.resolve("run");
    Cli.ok("evaluate", model, data, "--iw-samples=3");
    Cli.ok("sample", model, "-n=4", out("samples.png"));
    Cli.ok("reconstruct", model, data, out("rows.npy"));
    assertTrue(Cli.ok("inspect", model).out().contains("16 x 16 x 1"));
  }

  /** Kernels, strides and paddings, and the layers of a block with their parameters. */
  @Test
  void layersAreShownOneInALine() throws IOException {
    Cli trained =
        Cli.ok(
            "train",
            data(),
            out("run"),
            "--encoder=conv:4x3x5s2,relu,res(group-norm:2,silu,conv:6x3),flatten,9,relu,8,relu,7,relu",
            "--decoder=9,relu,8,relu,16,relu,reshape:1x4x4,upsample:2,deconv:outx4s2",
            "--latent=2",
            "--epochs=1");
    String shapes = "16 x 16 x 1 - 6 layers - 2 - 6 layers - 16 x 16 x 1, bernoulli, ";
    assertTrue(trained.out().contains("model  " + shapes), trained.out());
    String model = "--model=" + folder.resolve("run");
    String shown = Cli.ok("inspect", model).out();
    for (String line :
        List.of(
            "name +layer +input +output +parameters",
            "encoder.0 +conv:4x3x5s2p1x2,relu +16 x 16 x 1 +8 x 8 x 4 +64",
            "encoder.1 +res +8 x 8 x 4 +8 x 8 x 6 +260",
            "encoder.1.0 +group-norm:2 +8 x 8 x 4 +8 x 8 x 4 +8",
            "encoder.1.1 +silu +8 x 8 x 4 +8 x 8 x 4 +0",
            "encoder.1.2 +conv:6x3s1p1 +8 x 8 x 4 +8 x 8 x 6 +222",
            "encoder.1.shortcut +conv:6x1s1p0 +8 x 8 x 4 +8 x 8 x 6 +30",
            "encoder.3 +9,relu +384 +9 +3,465",
            "posterior +4 +7 +4 +32",
            "observation +deconv:1x4s2p1o0 +8 x 8 x 1 +16 x 16 x 1 +17")) {
      assertTrue(shown.lines().anyMatch(text -> text.matches(line)), line + "\n" + shown);
    }
    JsonNode json = Cli.ok("inspect", model, "--json").objects().get(0);
    JsonNode block = json.get("layers").get(1);
    assertEquals("[8,8,6]", block.get("output_shape").toString());
    assertEquals("conv:6x3s1p1", block.get("layers").get(2).get("layer").asText());
    long sum = 0;
    for (JsonNode layer : json.get("layers")) {
      sum += layer.get("parameters").asLong();
    }
    assertEquals(json.get("parameters").asLong(), sum);
  }

  @Test
  void aResumedRunHasTheBitsOfOneThatWentOn() throws IOException {
    String data = data();
    List<String> net = List.of("--encoder=conv:3x4s2,norm,relu,dropout:0.2,5,relu", "--latent=2");
    for (String name : List.of("whole", "half")) {
      int epochs = name.equals("whole") ? 4 : 2;
      Cli.ok("train", data, out(name), net.get(0), net.get(1), "--batch=4", "--epochs=" + epochs);
    }
    Cli.ok("train", data, out("half"), "--resume", "--epochs=4");
    assertArrayEquals(model("whole"), model("half"));
  }

  @Test
  void aStepOfImagesIsTimed() {
    String[] command = {
      "bench",
      "--arch=conv",
      "--image=1x8x8",
      "--batch=2",
      "--steps=2",
      "--rounds=1",
      "--product=64",
      "--ops",
      "--json"
    };
    JsonNode result = Cli.ok(command).objects().get(0);
    assertTrue(result.get("rows_per_second").asDouble() > 0);
    assertEquals("gather", result.get("ops").get(0).get("op").asText());
    assertTrue(result.get("ops").get(1).get("microseconds").asDouble() > 0);
    String text = Cli.ok(Arrays.copyOf(command, command.length - 1)).out();
    assertTrue(text.contains("GFLOP/s  conv 2x8x8x1 to 2x4x4x32"), text);
  }

  @Test
  void stepsOfImagesNeedTheirSizes() {
    for (String net : List.of("--arch=conv64", "--encoder=conv:4x3,8", "--hidden=conv:4x3,8")) {
      Cli.fails(
          2,
          List.of("--image: expected for layers of images, given none", "as in --image 3x64x64"),
          "bench",
          net);
    }
    Cli.fails(
        2,
        List.of("--features: expected without --image, which has the values of a row"),
        "bench",
        "--image=1x8x8",
        "--features=64");
    Cli.fails(2, List.of("--features: expected 1 or more, given 0"), "bench", "--features=0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--arch=big|expected mlp, conv, conv64, resnet, kl-autoencoder, given \"big\"",
        "--arch=conv --hidden=4|--arch: expected without --hidden, --encoder and --decoder",
        "--hidden=3 --encoder=4|--encoder: expected without --hidden",
        "--arch=resnet --activation=tanh|--activation: expected without --arch resnet",
        "--encoder=conv:4x99p0|kernel: expected a height of at most",
        "--encoder=conv:4x3s0|stride: expected 1 to 32768, given 0",
        "--encoder=conv:4x3g3|groups: expected a divisor",
        "--encoder=conv:4x4s2 --decoder=16,reshape:1x4x4|expected an output of 16 x 16 pixels",
        "--encoder=res(conv:4x3) --latent=2|--encoder: encoder.0: res: the decoder's layers are not"
            + " inferred from a residual block: give them (--decoder)",
        "--encoder=conv:4x99p0|--encoder: encoder.0: conv:4x99s1p0: of an input of 16 x 16 x 1: kernel",
        "--hidden=conv:4x3g3|groups: expected a divisor",
        "--hidden=conv:4x99p0|--hidden: encoder.0: conv:4x99s1p0: of an input of 16 x 16 x 1: kernel",
        "--encoder=conv:4x3,group-norm:3,8|--encoder: encoder.1: group-norm: groups: expected",
        "--encoder=8 --decoder=9,reshape:1x4x4|--decoder: decoder.1: reshape:1x4x4: expected rows of 16",
        "--encoder=conv:4x3s2 --decoder=8,reshape:2x2x2|--decoder: expected an output of 16 x 16",
        "--hidden=8,norm --prior=vamp:2|--hidden: expected no batch-norm with prior vamp:2",
        "--encoder=8,norm --prior=vamp:2|--encoder: expected no batch-norm with prior vamp:2",
        "--encoder=conv:4x3,norm,8 --prior=vamp:2|--encoder: expected no batch-norm with prior vamp:2",
        "--encoder=conv:99999x3,conv:99999x3,8|lower --encoder conv:99999x3,conv:99999x3,8",
        "--encoder=conv:4x3,outx3|expected a number of units",
        "--arch=conv --decoder=4|--arch: expected without --hidden, --encoder and --decoder",
        "--encoder=conv:4x4s2,conv:outx3 --latent=10|--latent: expected a multiple of 64",
        "--encoder=conv:4x4s2,conv:outx3 --latent=64 --posterior=full|--posterior: expected diagonal",
      })
  void wrongNetsAreRefused(String options, String problem) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("train", data(), out("run"), "--epochs=1"));
    arguments.addAll(List.of(options.split(" ", -1)));
    Cli answer = Cli.run(arguments.toArray(String[]::new));
    assertEquals(2, answer.code(), answer.err());
    assertTrue(answer.err().contains(problem), answer.err());
  }

  /** A row of numbers has no pixels. */
  @Test
  void rowsThatAreNoImagesAreRefused() throws IOException {
    for (String net :
        List.of("--arch=conv", "--encoder=conv:4x3,8", "--hidden=conv:4x3,8", "--arch=resnet")) {
      String option = net.substring(0, net.indexOf('='));
      String layers = net.startsWith("--arch=") ? net.substring("--arch=".length()) : "its layers";
      Cli.fails(
          2,
          List.of(
              option
                  + ": expected rows that are images for "
                  + layers
                  + ", given rows of 4 values"),
          "train",
          "--schema=none",
          Cli.binaryRows(folder),
          out("run"),
          "--epochs=1",
          net);
    }
  }

  /** Images that a named net cannot have: the layer, and the option that gave it. */
  @Test
  void layersOfAnArchitectureAreNamedWithItsOption() throws IOException {
    Path small = folder.resolve("small.npy");
    Bytes.npy("|u1", false, "(8, 1, 3)").u8(new int[24]).write(small);
    Cli.fails(
        2,
        List.of("--arch: encoder.0: conv:32x4s2p1: of an input of 1 x 3 x 1: kernel: expected"),
        "train",
        "--data=" + small,
        out("run"),
        "--arch=conv");
    Cli.fails(
        2,
        List.of("--arch: kl-autoencoder: expected a height and a width that are multiples of 8"),
        "train",
        "--data=" + small,
        out("run"),
        "--arch=kl-autoencoder");
  }

  /** As many values in another shape are other images. */
  @Test
  void imagesOfAnotherShapeAreRefused() throws IOException {
    Cli.ok("train", data(), out("run"), "--arch=conv", "--latent=2", "--epochs=1", "--batch=4");
    Path other = folder.resolve("other.npy");
    Bytes.npy("|u1", false, "(2, 8, 32)").u8(new int[512]).write(other);
    Cli answer = Cli.run("score", "--model=" + folder.resolve("run"), "--data=" + other);
    assertEquals(1, answer.code(), answer.err());
    assertTrue(
        answer
            .err()
            .contains(
                "has images of 8 x 32 pixels in 1 channel, the model was made for 16 x 16 pixels"),
        answer.err());
  }
}
