// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Vae;
import io.github.vae4j.backend.BackendOptions;
import io.github.vae4j.data.Table;
import io.github.vae4j.data.TableOptions;
import io.github.vae4j.model.VaeSpec;
import io.github.vae4j.table.TableModel;
import io.github.vae4j.table.TableTraining;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** native/examples with trained models, each built from the unpacked archive alone. */
final class NativeExamplesTest {
  private static final int PIXELS = 28 * 28;

  /** Of an IDX file of two images. */
  private static final byte[] HEADER = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28};

  @TempDir static Path shared;

  private static Path unpacked;
  private static Path digits;

  @TempDir Path folder;

  @BeforeAll
  static void unpack() throws Exception {
    NativePackage made = new NativePackage(shared);
    made.packAndUnpack();
    unpacked = made.unpacked();
    digits = shared.resolve("model.safetensors");
    VaeSpec spec = VaeSpec.builder(PIXELS).hidden(16).latent(3).build();
    try (Vae vae = Vae.create(spec, BackendOptions.auto(), 0)) {
      vae.save(digits);
    }
  }

  private static String run(List<String> command) throws Exception {
    return new NativePackage(shared).run(command);
  }

  private static String example(String name) {
    return unpacked.resolve("examples").resolve(name).toString();
  }

  private String built(String... compiler) throws Exception {
    String program = folder.resolve("program").toString();
    Path lib = unpacked.resolve("lib");
    List<String> command = new ArrayList<>(List.of(compiler));
    command.addAll(List.of("-Wall", "-Wextra", "-Werror", "-o", program));
    command.addAll(List.of("-I" + unpacked.resolve("include"), "-L" + lib));
    command.addAll(List.of("-Wl,-rpath," + lib, "-lvae4j"));
    run(command);
    return program;
  }

  @Test
  void aDigitInC() throws Exception {
    String program = built("gcc", "-std=c99", "-pedantic", example("digit.c"));
    Path images = folder.resolve("images");
    byte[] idx = new byte[16 + 2 * PIXELS];
    System.arraycopy(HEADER, 0, idx, 0, HEADER.length);
    Files.write(images, idx);
    String said = run(List.of(program, digits.toString(), images.toString(), "1"));
    assertEquals(29, said.lines().count(), said);
    assertTrue(said.contains("\n3 numbers; ELBO -"), said);
  }

  @Test
  void aDigitNeedsAFileOfImages() throws Exception {
    String program = built("gcc", "-std=c99", "-pedantic", example("digit.c"));
    Path images = folder.resolve("images.gz");
    Files.write(images, new byte[16 + 2 * PIXELS]);
    String said = failure(program, digits.toString(), images.toString(), "1");
    assertTrue(said.contains("images.gz: no IDX file of 28 x 28 pixels"), said);
  }

  @Test
  void aDigitHasANumber() throws Exception {
    String program = built("gcc", "-std=c99", "-pedantic", example("digit.c"));
    for (String index : List.of("1x", "", "-1", "99999999999999999999")) {
      assertEquals("usage: digit MODEL IMAGES INDEX\n", failure(program, "model", "images", index));
    }
  }

  /** The output of a command that fails. */
  private String failure(String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of("bash", "-c", "! \"$@\"", "-"));
    all.addAll(List.of(command));
    return run(all);
  }

  @Test
  void samplesInCpp() throws Exception {
    String said =
        run(List.of(built("g++", "-std=c++17", example("sample.cpp")), digits.toString(), "4"));
    assertEquals(29, said.lines().count(), said);
    assertTrue(said.contains(" of 4: ELBO -"), said);
  }

  @Test
  void aTableInPython() throws Exception {
    NativePackage.needs("python3");
    Path claims = folder.resolve("claims");
    String data = Path.of("docs/examples/claims.csv").toAbsolutePath().toString();
    TableTraining settings = TableTraining.defaults().column("fraud", "label").epochs(2);
    try (Table table = Table.open(data, TableOptions.defaults())) {
      TableModel.train(table, settings).save(claims);
    }
    String library = unpacked.resolve("lib/libvae4j.so").toString();
    String said = run(List.of("python3", example("score.py"), library, claims.toString(), data));
    assertEquals(5, said.lines().count(), said);
    assertTrue(said.lines().allMatch(line -> line.matches(" +[0-9.]+ p [0-9.]+  C\\d+,.*")), said);
  }

  @Test
  void factsInRust() throws Exception {
    NativePackage.needs("rustc");
    String program = folder.resolve("facts").toString();
    String lib = unpacked.resolve("lib").toString();
    run(
        List.of(
            "rustc",
            example("facts.rs"),
            "-L",
            lib,
            "-C",
            "link-arg=-Wl,-rpath," + lib,
            "-o",
            program));
    String said = run(List.of(program, digits.toString()));
    assertTrue(said.startsWith(PIXELS + " features, 3 latent, likelihood "), said);
    assertEquals(4, said.lines().filter(line -> line.startsWith("log p(x) = -")).count(), said);
  }
}
