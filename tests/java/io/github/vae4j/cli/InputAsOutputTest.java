// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A command never writes over a file that it reads, under whatever name. */
@EnabledOnOs(OS.LINUX)
class InputAsOutputTest {
  @TempDir Path folder;

  private Path rows = Path.of("");
  private String data = "";
  private String model = "";

  @BeforeEach
  void train() throws IOException {
    data = Cli.binaryRows(folder);
    rows = folder.resolve("rows.csv");
    model = "--model=" + folder.resolve("run");
    Cli.ok(
        "train",
        data,
        "--out=" + folder.resolve("run"),
        "--backend=reference",
        "--latent=2",
        "--hidden=4",
        "--epochs=1",
        "--validation=0.5");
  }

  private void refused(Path out, String option, String... arguments) throws IOException {
    byte[] before = Files.readAllBytes(out);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(model);
    all.add("--backend=reference");
    all.add("--out=" + out);
    Cli.fails(
        2,
        List.of("--out: " + out + " is the file that " + option + " reads"),
        all.toArray(String[]::new));
    assertEquals(-1, Files.mismatch(out, Files.write(folder.resolve("before"), before)));
  }

  @Test
  void theDataOfEachFormThatNamesAFileWithinText() throws IOException {
    for (String form : List.of("idx:", "idx-transposed:", "idx-transposed:images,")) {
      refused(rows, "--data", "encode", "--data=" + form + rows);
    }
  }

  @Test
  void theDataOfEachCommand() throws IOException {
    for (String command : List.of("encode", "reconstruct", "score", "traverse")) {
      refused(rows, "--data", command, data);
      // Without --data, those of the run.
      refused(rows, "--data", command);
    }
  }

  @Test
  void linksOfBothKinds() throws IOException {
    Path soft = Files.createSymbolicLink(folder.resolve("soft.csv"), rows);
    Path hard = Files.createLink(folder.resolve("hard.csv"), rows);
    refused(soft, "--data", "encode", data);
    refused(hard, "--data", "encode", data);
    refused(rows, "--data", "encode", "--data=" + soft);
    refused(folder.resolve("run/../rows.csv"), "--data", "encode", data);
  }

  @Test
  void theFilesThatBelongToTheData() throws IOException {
    Path weights = folder.resolve("weights.csv");
    Files.writeString(weights, "w\n" + "1\n".repeat(40));
    Path mask = folder.resolve("mask.csv");
    Files.writeString(mask, "a,b,c,d\n" + "1,1,1,1\n".repeat(40));
    Path labels = folder.resolve("labels.csv");
    Files.writeString(labels, "0\n");
    refused(weights, "--weights", "encode", data, "--weights=" + weights);
    refused(mask, "--mask", "score", data, "--mask=" + mask);
    refused(labels, "--data", "score", "--data=idx:images," + labels);
  }

  @Test
  void theModelAndTheSampler() throws IOException {
    for (String name : List.of("model.safetensors", "vae.json")) {
      Path link = Files.createSymbolicLink(folder.resolve(name + ".csv"), Path.of("run", name));
      refused(link, "--model", "sample", "-n=1");
      refused(link, "--model", "encode", data);
    }
    Cli.ok("fit-sampler", model, "--sampler=gmm", "--components=1", "--backend=reference");
    Path sampler = folder.resolve("run/sampler.gmm.safetensors");
    Path link = Files.createLink(folder.resolve("sampler.csv"), sampler);
    refused(link, "--sampler", "sample", "-n=1", "--sampler=gmm");
  }

  @Test
  void theCodes() throws IOException {
    Path codes = folder.resolve("codes.npy");
    Cli.ok("encode", model, data, "--backend=reference", "--out=" + codes);
    refused(codes, "--codes", "decode", "--codes=" + codes);
  }

  @Test
  void theModelThatASamplerWouldReplace() throws IOException {
    Path model = folder.resolve("other/sampler.gmm.safetensors");
    Files.createDirectories(folder.resolve("other"));
    Files.copy(folder.resolve("run/model.safetensors"), model);
    Cli.fails(
        2,
        List.of(model + " is the file that --model reads"),
        "fit-sampler",
        "--model=" + model,
        data,
        "--sampler=gmm",
        "--backend=reference");
    assertEquals(-1, Files.mismatch(model, folder.resolve("run/model.safetensors")));
  }

  @Test
  void aRunInItsFolderOfImages() throws IOException {
    Path images = Files.createDirectories(folder.resolve("images"));
    Cli.fails(
        2,
        List.of("--out: ", " is in the folder that --data reads, " + images, "another folder"),
        "train",
        "--data=" + images + "/",
        "--out=" + images);
    Path inside = images.resolve("a/run");
    Cli.fails(
        2,
        List.of(" is in the folder that --data reads"),
        "train",
        "--data=" + images,
        "--out=" + inside);
    assertFalse(Files.exists(inside));
    try (Stream<Path> files = Files.list(images)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void aRunWhoseFileIsALinkToTheData() throws IOException {
    Path out = Files.createDirectories(folder.resolve("linked"));
    Files.createSymbolicLink(out.resolve("training.png"), rows);
    String before = Files.readString(rows);
    Cli.fails(
        2,
        List.of("training.png is the file that --data reads, " + rows),
        "train",
        data,
        "--out=" + out,
        "--overwrite");
    assertEquals(before, Files.readString(rows));
  }

  @Test
  void anEmptyPathIsNotThePresentFolder() {
    for (List<String> arguments :
        List.of(
            List.of("train", data, "--out="),
            List.of("encode", data, "--out=x.csv", "--model="),
            List.of("inspect", "--model="))) {
      Cli.fails(
          2, List.of("expected a path, given an empty text"), arguments.toArray(String[]::new));
    }
  }
}
