// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.data.Npy;
import io.github.vae4j.tensor.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InterpolateCommandTest {
  private static final String REFERENCE = "--backend=reference";

  @TempDir private static Path folder = Path.of("");

  private static String images = "";
  private static String numbers = "";
  private static String imageModel = "";
  private static String numberModel = "";

  @BeforeAll
  static void train() throws IOException {
    images = Cli.imageRows(folder);
    numbers = Cli.binaryRows(folder);
    imageModel = "--model=" + folder.resolve("images");
    numberModel = "--model=" + folder.resolve("numbers");
    String small = "--hidden=4";
    Cli.ok("train", images, "--out=" + folder.resolve("images"), small, "--latent=3", REFERENCE);
    Cli.ok(
        "train",
        numbers,
        "--schema=none",
        "--condition=columns:d",
        "--out=" + folder.resolve("numbers"),
        small,
        "--latent=2",
        REFERENCE);
  }

  private static String out(String name) {
    return "--out=" + folder.resolve(name);
  }

  private static Matrix array(String name) {
    return Npy.read(folder.resolve(name));
  }

  @Test
  void theEndsAreReconstructions() {
    for (String path : List.of("linear", "spherical")) {
      JsonNode answer =
          Cli.ok(
                  "interpolate",
                  images,
                  imageModel,
                  "--rows=7,2",
                  "--steps=5",
                  "--path=" + path,
                  out("way.npy"),
                  REFERENCE,
                  "--json")
              .objects()
              .get(0);
      assertEquals(5, answer.get("rows").asInt());
      assertEquals(path, answer.get("path").asText());
      assertEquals(7, answer.get("ends").get(0).asInt());
      Cli.ok("reconstruct", images, imageModel, out("all.npy"), REFERENCE);
      Matrix way = array("way.npy");
      assertEquals(5, way.rows());
      assertArrayEquals(array("all.npy").row(7), way.row(0), 1e-6f);
      assertArrayEquals(array("all.npy").row(2), way.row(4), 1e-6f);
    }
  }

  @Test
  void theConditionGoesAlong() {
    Cli.ok("interpolate", numbers, numberModel, "--rows=0,1", "--steps=3", out("c.npy"), REFERENCE);
    Cli.ok("reconstruct", numbers, numberModel, out("r.npy"), REFERENCE);
    assertArrayEquals(array("r.npy").row(0), array("c.npy").row(0), 1e-6f);
    assertArrayEquals(array("r.npy").row(1), array("c.npy").row(2), 1e-6f);
  }

  @Test
  void pictureAndTable() throws IOException {
    Cli shown =
        Cli.ok(
            "interpolate",
            images,
            imageModel,
            "--rows=0,1",
            "--path=spherical",
            out("way.png"),
            REFERENCE);
    assertTrue(shown.out().contains("way.png: spherical, from row 0 to row 1"), shown.out());
    assertTrue(ImageIO.read(folder.resolve("way.png").toFile()).getWidth() > 11 * 56);
    Cli.ok("interpolate", numbers, numberModel, "--rows=0,1", out("way.csv"), REFERENCE);
    assertEquals(12, Files.readAllLines(folder.resolve("way.csv")).size());
  }

  @Test
  void wrongUsageNamesTheOption() {
    refused("--rows: expected 0 to 39, given 40", "--rows=3,40");
    refused("--rows: expected 0 to 39, given -1", "--rows=-1,4");
    refused("--rows: expected 0 to 4, given 9", "--rows=3,9", "--limit=5");
    refused("--rows: expected two rows as in 3,8, given 1", "--rows=3");
    refused("--rows: expected two rows as in 3,8, given 3", "--rows=3,4,5");
    refused("expected a whole number", "--rows=a,b");
    refused("Missing required option: '--rows=I,J'");
    refused("--steps: expected 2 or more, given 1", "--rows=3,8", "--steps=1");
    refused("expected linear, spherical, given \"circle\"", "--rows=3,8", "--path=circle");
    Cli.fails(
        2,
        List.of("--out: rows of this model are not images", ".csv"),
        "interpolate",
        numbers,
        numberModel,
        "--rows=0,1",
        out("x.png"),
        REFERENCE);
  }

  private static void refused(String message, String... options) {
    List<String> all = List.of("interpolate", images, imageModel, out("not.png"), REFERENCE);
    Cli.fails(2, List.of(message), Cli.with(all, options));
  }
}
