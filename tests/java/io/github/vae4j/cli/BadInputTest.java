// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid input gives a clear error, and no file is lost. */
class BadInputTest {
  private static final String REFERENCE = "--backend=reference";

  @TempDir Path folder;
  private Path data = Path.of("");
  private Path run = Path.of("");

  @BeforeEach
  void trainARun() throws IOException {
    data = write("rows.csv", "a,b\n0,1\n1,0\n1,1\n0,0\n1,0\n");
    run = folder.resolve("run");
    Cli.ok(train(run));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private String[] train(Path out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--schema=none",
                "--data=" + data,
                "--out=" + out,
                "--epochs=1",
                "--hidden=3"));
    arguments.addAll(List.of("--latent=1", "--batch=2", REFERENCE));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static Map<String, byte[]> contents(Path folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static void assertUnchanged(Map<String, byte[]> before, Path folder) throws IOException {
    Map<String, byte[]> now = contents(folder);
    assertEquals(before.keySet(), now.keySet());
    before.forEach((name, bytes) -> assertArrayEquals(bytes, now.get(name), name));
  }

  private void failsOnData(String name, String text, String... parts) throws IOException {
    Path file = text.isEmpty() ? folder.resolve(name) : write(name, text);
    List<String> all = new ArrayList<>(List.of(parts));
    all.add(name);
    Path out = folder.resolve("out");
    Cli.fails(1, all, "train", "--schema=none", "--data=" + file, "--out=" + out, REFERENCE);
    assertFalse(Files.exists(out), "no folder for a run that did not start");
  }

  @Test
  void dataThatCannotBeUsed() throws IOException {
    failsOnData("missing.csv", "");
    failsOnData("missing.npy", "");
    failsOnData("ragged.csv", "a,b\n1,2\n3\n", "line 3");
    failsOnData("text.csv", "a,b\n1,2\n3,four\n", "line 3", "b");
    failsOnData("nan.csv", "a,b\n1,2\n3,NaN\n", "line 3");
    failsOnData("empty.csv", "a,b\n");
    failsOnData("magic.npy", "this is no array");
  }

  private void refused(int code, String text, List<String> parts, String... options)
      throws IOException {
    Path file = write("bad.csv", text);
    Path out = folder.resolve("out");
    List<String> command =
        new ArrayList<>(
            List.of("train", "--schema=none", "--data=" + file, "--out=" + out, REFERENCE));
    command.addAll(List.of(options));
    Cli.fails(code, parts, command.toArray(String[]::new));
    assertFalse(Files.exists(out), "no folder for a run that did not start");
  }

  /** Named by row and column, before anything is trained. */
  @Test
  void valuesThatTheModelOrItsDataCannotHave() throws IOException {
    String count = "--likelihood=poisson";
    refused(1, "a,b\n1,2\n3,-1\n", List.of("line 3, column 2 (b) is -1.0", "counts"), count);
    refused(1, "a,b\n0.5,2\n", List.of("line 2, column 1 (a) is 0.5", "counts"), count);
    refused(1, "a\n1\n1.5\n", List.of("line 3, column 1 (a) is 1.5"), "--likelihood=bernoulli");
    refused(
        1,
        "a,kind\n1,0\n1,2\n2,3\n",
        List.of("line 4, column 2 (kind) is 3.0", "levels: whole numbers from 0 to 2"),
        "--likelihood=composite:0=gaussian;1=categorical:levels=3");
    refused(2, "a\n1\n", List.of("samples: expected 1 or more, given 0"), "--samples=0");
    refused(
        2,
        "a\n1\n",
        List.of("samples: expected 1 or more, given 0"),
        "--objective=iwae",
        "--samples=0");
    String labels = "--condition=labels:2";
    String column = "--label-column=y";
    refused(1, "a,y\n1,0\n1,2\n", List.of("line 3 has label 2", "0 to 1"), labels, column);
    refused(1, "a,y\n1,0\n1,-1\n", List.of("line 3, column 2 (y) is -1.0"), labels, column);
    refused(1, "a\n1\n", List.of("no labels", "--label-column"), "--condition=labels");
    refused(2, "a\n1\n", List.of("--condition", "labels:CLASSES"), "--condition=classes");
    String weights = "--weights=column:w";
    refused(1, "a,w\n1,1\n1,-2\n", List.of("line 3 has weight -2.0"), weights);
    refused(1, "a,w\n1,0\n1,0\n", List.of("rows 0 to 1 all have weight 0"), weights);
    refused(1, "a,w\n1,\n", List.of("line 2 has weight NaN"), weights, "--missing");
    refused(1, "a\n1\n", List.of("no column \"w\" for the weights", "it has a"), weights);
    Path mask = write("mask.csv", "a\n1\n0\n1\n");
    refused(
        1,
        "a\n1\n2\n",
        List.of("mask.csv: expected a mask of 2 x 1 values", "given 3 x 1"),
        "--mask=" + mask);
    Path odd = write("odd.csv", "a\n1\n7\n");
    refused(1, "a\n1\n2\n", List.of("odd.csv: line 3, column 1 (a)", "is 7.0"), "--mask=" + odd);
  }

  /** A variable of a script that was not set is not the present folder. */
  @ParameterizedTest
  @ValueSource(strings = {"", "idx:", "idx-transposed:", "idx:,labels", "idx:images,"})
  void dataWithoutAName(String data) {
    String given = "given \"" + data.substring(data.indexOf(':') + 1) + "\"";
    Cli.fails(
        2,
        List.of("--data: expected ", given),
        "train",
        "--schema=none",
        "--data=" + data,
        "--out=" + folder.resolve("new"));
    assertFalse(Files.exists(folder.resolve("new")));
  }

  @Test
  void evaluationNeedsASampleToo() {
    Cli.fails(
        2,
        List.of("samples: expected 1 or more, given 0"),
        "evaluate",
        "--model=" + run,
        "--data=" + data,
        "--samples=0",
        REFERENCE);
  }

  @Test
  void aFolderOfAnotherRunIsRefusedAndNothingIsLost() throws IOException {
    Map<String, byte[]> before = contents(run);
    Cli.fails(1, List.of("holds another run", "--resume", "--overwrite"), train(run));
    assertUnchanged(before, run);
  }

  @Test
  void overwriteDeletesNothingBeforeTheRunCanStart() throws IOException {
    Map<String, byte[]> before = contents(run);
    Path missing = folder.resolve("missing.csv");
    Cli.fails(
        1,
        List.of("missing.csv"),
        "train",
        "--schema=none",
        "--data=" + missing,
        "--out=" + run,
        "--overwrite",
        REFERENCE);
    Cli.fails(2, List.of("latent"), train(run, "--overwrite", "--latent=0"));
    Path grey = write("real.csv", "a,b\n-3,1\n");
    Cli.fails(
        1,
        List.of("line 2, column 1 (a)"),
        "train",
        "--data=" + grey,
        "--out=" + run,
        "--likelihood=bernoulli",
        "--overwrite",
        REFERENCE);
    assertUnchanged(before, run);
    write("run/notes.txt", "mine");
    Cli.ok(train(run, "--overwrite", "--seed=9"));
    assertFalse(
        Arrays.equals(
            before.get("model.safetensors"), Files.readAllBytes(run.resolve("model.safetensors"))));
    assertEquals("mine", Files.readString(run.resolve("notes.txt")));
  }

  @Test
  void resumeRefusesOtherSettingsAndNamesThem() throws IOException {
    Map<String, byte[]> before = contents(run);
    Cli.fails(
        2,
        List.of(
            "latent is 1, given 2",
            "optimizer.learningRate is 0.001, given 0.01",
            "objective.beta is 1.0, given 4.0"),
        "train",
        "--out=" + run,
        "--resume",
        "--latent=2",
        "--lr=0.01",
        "--beta=4",
        REFERENCE);
    Cli.fails(
        2, List.of("train is "), "train", "--out=" + run, "--resume", "--data=mnist", REFERENCE);
    assertUnchanged(before, run);
    List<String> same = new ArrayList<>(List.of(train(run, "--resume", "--epochs=2")));
    same.remove("--epochs=1");
    Cli again = Cli.ok(same.toArray(String[]::new));
    assertTrue(again.out().contains("resumed"), again.out());
    assertTrue(again.out().contains("epoch 2/2"), again.out());
  }

  @Test
  void resumeOfACompleteRunSaysSo() {
    Cli answer = Cli.ok("train", "--out=" + run, "--resume", REFERENCE);
    assertTrue(answer.out().contains("all of its epochs are done; --epochs N"), answer.out());
  }

  @Test
  void resumeNeedsACheckpoint() {
    Path none = folder.resolve("none");
    Cli.fails(1, List.of("cannot resume", "none"), "train", "--out=" + none, "--resume", REFERENCE);
    assertFalse(Files.exists(none));
  }

  @Test
  void aDamagedCheckpointIsNamedWithTheWayOut() throws IOException {
    Cli.ok("train", "--out=" + run, "--resume", "--epochs=2", REFERENCE);
    Path checkpoint = run.resolve("checkpoint.safetensors");
    byte[] bytes = Files.readAllBytes(checkpoint);
    Files.write(checkpoint, Arrays.copyOf(bytes, bytes.length - 5));
    Cli.fails(
        1,
        List.of("checkpoint.safetensors", "checkpoint.previous.safetensors is complete", "mv "),
        "train",
        "--out=" + run,
        "--resume",
        "--epochs=3",
        REFERENCE);
    Files.move(
        run.resolve("checkpoint.previous.safetensors"),
        checkpoint,
        StandardCopyOption.REPLACE_EXISTING);
    Cli.ok("train", "--out=" + run, "--resume", "--epochs=3", REFERENCE);
    assertEquals(3, Files.readAllLines(run.resolve("metrics.jsonl")).size());
  }

  @Test
  void aDamagedModelIsNamed() throws IOException {
    Path model = run.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length - 3] ^= 1;
    Files.write(model, bytes);
    Cli.fails(
        1, List.of("model.safetensors"), "evaluate", "--model=" + run, "--data=" + data, REFERENCE);
    Files.write(model, Arrays.copyOf(bytes, 4));
    Cli.fails(1, List.of("model.safetensors"), "inspect", "--model=" + run);
    Files.delete(model);
    Cli.fails(1, List.of("no model.safetensors"), "sample", "--model=" + run, "--out=x.npy");
    Cli.fails(
        1, List.of("nowhere"), "sample", "--model=" + folder.resolve("nowhere"), "--out=x.npy");
  }

  @Test
  void anUnknownKeyOfTheSpecificationIsNamed() throws IOException {
    Path json = run.resolve("vae.json");
    String text = Files.readString(json).replace("\"latent\"", "\"latnet\"");
    Files.writeString(json, text);
    Cli.fails(1, List.of("vae.json", "latnet"), "evaluate", "--model=" + run, REFERENCE);
  }

  @Test
  void withoutTestDataEvaluateAsksForData() throws IOException {
    Cli.fails(
        2, List.of("--data", "trained without test data"), "evaluate", "--model=" + run, REFERENCE);
    Path alone = folder.resolve("alone.safetensors");
    Files.copy(run.resolve("model.safetensors"), alone);
    Cli.ok("evaluate", "--model=" + run, "--data=" + data, REFERENCE);
    Cli.fails(
        2,
        List.of("--data", "no vae.json"),
        "evaluate",
        "--model=" + Files.move(alone, Files.createDirectory(folder.resolve("m")).resolve("a")),
        REFERENCE);
    Cli.fails(2, List.of("--patience", "no test data"), train(folder.resolve("p"), "--patience=2"));
  }

  @Test
  void aBatchLargerThanTheDataWorksAndIsSaid() {
    Cli answer =
        Cli.ok(
            "train",
            "--schema=none",
            "--data=" + data,
            "--out=" + folder.resolve("large"),
            "--epochs=1",
            "--hidden=none",
            "--latent=1",
            REFERENCE);
    assertTrue(answer.err().contains("warning: --batch 128 is more than the 5 rows"), answer.err());
  }

  static boolean cudaIsMissing() {
    return Backends.probe(BackendOptions.auto()).stream()
        .noneMatch(status -> status.kind() == BackendOptions.Kind.CUDA && status.available());
  }

  @Test
  @EnabledIf("cudaIsMissing")
  void cudaWhereThereIsNoneSaysWhatIsMissing() throws IOException {
    Map<String, byte[]> before = contents(run);
    String[] command = train(run, "--overwrite");
    command[List.of(command).indexOf(REFERENCE)] = "--backend=cuda";
    Cli.fails(1, List.of("backend cuda is not available: "), command);
    assertUnchanged(before, run);
  }

  @Test
  void outThatIsAFile() throws IOException {
    Path file = write("file", "x");
    Cli.fails(1, List.of(file.toString()), train(file));
    Cli.fails(
        1,
        List.of(file.toString()),
        "encode",
        "--model=" + run,
        "--data=" + data,
        "--out=" + file.resolve("codes.npy"),
        REFERENCE);
    assertEquals("x", Files.readString(file));
  }
}
