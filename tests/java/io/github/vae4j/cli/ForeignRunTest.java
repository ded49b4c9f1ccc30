// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.checkpoint.VaeJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was made elsewhere opens no file of this machine by itself. */
class ForeignRunTest {
  @TempDir Path folder;

  private Path run = Path.of("");

  @BeforeEach
  void train() throws IOException {
    run = folder.resolve("run");
    Cli.ok(
        "train",
        Cli.binaryRows(folder),
        "--out=" + run,
        "--backend=reference",
        "--latent=2",
        "--hidden=4",
        "--epochs=1",
        "--validation=0.5");
  }

  private Path copied() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("copy"));
    for (String name : List.of("model.safetensors", "vae.json")) {
      Files.copy(run.resolve(name), copy.resolve(name));
    }
    return copy;
  }

  @Test
  void itsOwnFolderNeedsNoData() {
    assertTrue(VaeJson.isMadeHere(run.resolve("vae.json")));
    Cli.ok("evaluate", "--model=" + run, "--backend=reference");
  }

  @Test
  void aCopyAsksForTheData() throws IOException {
    Path copy = copied();
    assertFalse(VaeJson.isMadeHere(copy.resolve("vae.json")));
    Path rows = folder.resolve("rows.csv");
    List<String> parts =
        List.of(
            "--data: " + copy.resolve("vae.json") + " names the data " + rows,
            "was not made in this folder on this machine by this user",
            "if they are meant, give --data " + rows);
    for (String command : List.of("evaluate", "score")) {
      Cli.fails(2, parts, command, "--model=" + copy, "--backend=reference");
    }
    Cli.fails(2, parts, "fit-sampler", "--model=" + copy, "--sampler=gmm", "--backend=reference");
    Cli.fails(
        2,
        parts,
        "encode",
        "--model=" + copy.resolve("model.safetensors"),
        "--out=" + folder.resolve("x.csv"),
        "--backend=reference");
    Cli.ok("evaluate", "--model=" + copy, "--backend=reference", "--data=" + rows);
  }

  @Test
  void aRunThatDoesNotSayWhereItWasMadeAsksToo() throws IOException {
    Path json = run.resolve("vae.json");
    Files.writeString(json, Cli.specification(run));
    Cli.fails(2, List.of("--data: " + json), "evaluate", "--model=" + run, "--backend=reference");
  }

  @Test
  void dataBelowThePresentFolderAreOpened() throws IOException {
    Path below = Files.createTempDirectory(Path.of("target"), "rows");
    try {
      Path rows = below.resolve("rows.csv");
      Files.copy(folder.resolve("rows.csv"), rows);
      Path copy = copied();
      String text = Files.readString(copy.resolve("vae.json"));
      Files.writeString(
          copy.resolve("vae.json"),
          text.replace(folder.resolve("rows.csv").toString(), rows.toString()));
      Cli.ok("evaluate", "--model=" + copy, "--backend=reference");
      // A link out of the folder is no way around.
      Files.delete(rows);
      Files.createSymbolicLink(rows, folder.resolve("rows.csv"));
      assertEquals(2, Cli.run("evaluate", "--model=" + copy, "--backend=reference").code());
    } finally {
      Files.deleteIfExists(below.resolve("rows.csv"));
      Files.delete(below);
    }
  }
}
