// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command on models whose posterior or prior is not the default. */
final class LatentCommandsTest {
  private static final String REFERENCE = "--backend=reference";

  @TempDir private Path folder;

  private String data() throws IOException {
    return Cli.binaryRows(folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--posterior=full",
        "--posterior=planar:2",
        "--prior=mog:3",
        "--prior=vamp:4",
        "--top=4,2"
      })
  void allCommandsWork(String family) throws IOException {
    Path run = folder.resolve("run");
    String rows = data();
    String[] train = {
      "train",
      "--schema=none",
      rows,
      "--out=" + run,
      "--epochs=1",
      "--hidden=5",
      "--latent=3",
      family,
      REFERENCE
    };
    Cli.ok(train);
    Cli.ok("train", rows, "--out=" + run, "--resume", "--epochs=2", REFERENCE);
    String model = "--model=" + run;
    String out = "--out=" + folder.resolve("out.csv");
    Cli.ok("evaluate", model, rows, "--iw-samples=20", REFERENCE);
    Cli.ok("score", model, rows, out, REFERENCE);
    Cli.ok("encode", model, rows, out, REFERENCE);
    Cli.ok("reconstruct", model, rows, out, REFERENCE);
    Cli.ok("traverse", model, rows, out, REFERENCE);
    Cli.ok("sample", model, "-n", "7", out, REFERENCE);
    assertEquals(8, Files.readAllLines(folder.resolve("out.csv")).size());
    String shown = Cli.ok("inspect", model).out();
    String name = family.substring(2).replace('=', ' ').replace(',', '-');
    assertTrue(shown.contains(name), shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--posterior=iaf|expected diagonal, full or planar:LAYERS",
        "--posterior=planar:0|expected 1 layer or more, given 0",
        "--prior=mog|expected standard, mog:COMPONENTS",
        "--prior=vamp:two|whole number after vamp:",
        "--top=0|layer sizes of 1 or more",
      })
  void wrongNamesAreSaid(String option, String problem) throws IOException {
    Cli.fails(
        2,
        List.of(problem),
        "train",
        "--schema=none",
        data(),
        "--out=" + folder.resolve("x"),
        option);
  }

  @Test
  void whatDoesNotGoTogetherIsSaid() throws IOException {
    String out = "--out=" + folder.resolve("x");
    Cli.fails(
        2,
        List.of("prior vamp:2: expected posterior diagonal", "given full"),
        "train",
        "--schema=none",
        data(),
        out,
        "--posterior=full",
        "--prior=vamp:2",
        REFERENCE);
    Cli.fails(
        2,
        List.of("--free-bits: expected 0", "prior mog:2", "given 0.5"),
        "train",
        "--schema=none",
        data(),
        out,
        "--prior=mog:2",
        "--free-bits=0.5",
        "--batch=16",
        REFERENCE);
  }
}
