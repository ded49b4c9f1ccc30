// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.vae4j.checkpoint.ModelFile;
import io.github.vae4j.checkpoint.VaeJson;
import io.github.vae4j.model.ParameterLayout;
import io.github.vae4j.model.VaeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The encoder gets the mask of missing values, unless {@code --no-mask-input} is given. */
class MaskInputCommandTest {
  private static final int ROWS = 60;

  @TempDir private Path folder;
  private Path data = Path.of("");

  @BeforeEach
  void write() throws IOException {
    write("");
  }

  private void write(String missing) throws IOException {
    StringBuilder text = new StringBuilder("a,b,c\n");
    for (int i = 0; i < ROWS; i++) {
      String[] row = {"" + i % 5 / 4.0, "" + i % 3 / 2.0, "" + i % 7 / 6.0};
      row[i % 4 % 3] = missing;
      text.append(String.join(",", row)).append('\n');
    }
    data = Files.writeString(folder.resolve("rows.csv"), text);
  }

  /** Trains, and returns the ELBO of the model's evaluation. */
  private double elbo(Path run, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--schema=none", "--data=" + data, "--out=" + run));
    arguments.addAll(List.of("--hidden=4", "--latent=1", "--epochs=2", "--backend=reference"));
    arguments.addAll(List.of(more));
    Cli.ok(arguments);
    return Cli.ok("evaluate", "--model=" + run, "--data=" + data, "--json", "--backend=reference")
        .objects()
        .get(0)
        .get("elbo")
        .doubleValue();
  }

  /** The specification of a run, and of its model's file, whose encoder has so many inputs. */
  private static void assertEncoder(Path run, boolean mask, int inputs) throws IOException {
    VaeSpec spec = ModelFile.load(run).spec();
    assertEquals(mask, spec.maskInput());
    assertEquals(spec, VaeJson.read(run.resolve("vae.json")).model());
    assertEquals(mask, Files.readString(run.resolve("vae.json")).contains("\"maskInput\""));
    assertEquals(
        List.of(inputs, 4), new ParameterLayout(spec).place("encoder.0.weight").parameter().dims());
    String said = Cli.ok("inspect", "--model=" + run).out();
    assertEquals(mask, said.contains(", mask as input"), said);
  }

  @Test
  void theOptionLeavesTheMaskOut() throws IOException {
    Path with = folder.resolve("with");
    Path without = folder.resolve("without");
    double seen = elbo(with, "--missing");
    double blind = elbo(without, "--missing", "--no-mask-input");
    assertEncoder(with, true, 6);
    assertEncoder(without, false, 3);
    assertNotEquals(seen, blind);
    // A resumed run keeps its encoder.
    Cli.ok("train", "--out=" + without, "--resume", "--epochs=3", "--backend=reference");
    assertEncoder(without, false, 3);
    Cli.ok("train", "--out=" + with, "--resume", "--epochs=3", "--backend=reference");
    assertEncoder(with, true, 6);
  }

  /** Without missing values the option changes nothing. */
  @Test
  void dataWithoutMissingValuesHaveNoMask() throws IOException {
    write("1");
    Path plain = folder.resolve("plain");
    Path option = folder.resolve("option");
    assertEquals(elbo(plain), elbo(option, "--no-mask-input"));
    assertEncoder(plain, false, 3);
    assertEncoder(option, false, 3);
    assertEquals(Cli.specification(plain), Cli.specification(option));
  }
}
