// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of pictures of any size, and the options that a run keeps for later commands. */
class PictureCommandsTest {
  @TempDir Path folder;

  /** Twelve pictures of two classes and of three sizes. */
  private String pictures(String name, int type) throws IOException {
    for (int i = 0; i < 12; i++) {
      int width = 6 + i % 3;
      BufferedImage image = new BufferedImage(width, 7, type);
      for (int x = 0; x < width; x++) {
        for (int y = 0; y < 7; y++) {
          image.setRGB(x, y, i % 2 == 0 ? 0x40e010 + i : 0xc01020 + i);
        }
      }
      Path file = folder.resolve(name).resolve(i % 2 == 0 ? "cat" : "dog").resolve(i + ".png");
      Files.createDirectories(file.resolveSibling(""));
      ImageIO.write(image, "png", file.toFile());
    }
    return folder.resolve(name) + "/";
  }

  private List<String> train(String data, String... more) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("train", "--data=" + data, "--out=" + folder.resolve("run")));
    all.addAll(List.of("--epochs=1", "--hidden=4", "--latent=1", "--batch=4"));
    all.addAll(List.of(more));
    return all;
  }

  private JsonNode evaluate(String... more) {
    List<String> all =
        new ArrayList<>(List.of("evaluate", "--model=" + folder.resolve("run"), "--json"));
    all.addAll(List.of(more));
    return Cli.ok(all).objects().get(0);
  }

  @Test
  void aRunKeepsItsOptions() throws IOException {
    String data = pictures("a", BufferedImage.TYPE_INT_RGB);
    Cli answer =
        Cli.ok(
            train(
                data,
                "--image-size=4x5",
                "--fit=pad",
                "--background=#ff00FF",
                "--validation=0.25",
                "--condition=labels"));
    assertTrue(answer.out().contains("images of 4 x 5 (width x height) in colour"), answer.out());
    String json = Cli.specification(folder.resolve("run"));
    JsonNode node = Cli.object(json);
    JsonNode read = node.get("data").get("reading").get("pictures");
    assertEquals(
        "{\"width\":4,\"height\":5,\"fit\":\"pad\",\"background\":\"ff00FF\"}", read.toString());
    assertEquals("[\"cat\",\"dog\"]", node.get("model").get("names").get("classes").toString());
    JsonNode held = evaluate();
    assertEquals(3, held.get("rows").intValue());
    JsonNode again = evaluate("--data=" + data);
    assertEquals(12, again.get("rows").intValue());
    // Grey pictures become those of the model; another fit changes the values.
    evaluate("--data=" + pictures("grey", BufferedImage.TYPE_BYTE_GRAY));
    JsonNode cropped = evaluate("--data=" + data, "--fit=stretch");
    assertFalse(again.get("elbo").equals(cropped.get("elbo")), again + " " + cropped);
    Cli.fails(
        2,
        List.of("arrays and pictures belong to --data"),
        "evaluate",
        "--model=" + folder.resolve("run"),
        "--fit=stretch");
    Cli.ok(
        "train", "--out=" + folder.resolve("run"), "--resume", "--epochs=2", "--validation=0.25");
  }

  @Test
  void aTestFolderIsReadAsTheTrainingFolder() throws IOException {
    String data = pictures("a", BufferedImage.TYPE_INT_RGB);
    String grey = pictures("grey", BufferedImage.TYPE_BYTE_GRAY);
    Cli.ok(train(data, "--test-data=" + grey, "--image-size=4"));
    assertEquals(12, evaluate().get("rows").intValue());
  }

  @Test
  void wrongOptions() throws IOException {
    String data = pictures("a", BufferedImage.TYPE_INT_RGB);
    Cli.fails(1, List.of("is 6 x 7, but ", "is 7 x 7", "--image-size, as in 64x48"), args(data));
    Cli.fails(2, List.of("--fit", "--image-size"), args(data, "--fit=pad"));
    Cli.fails(2, List.of("--fit", "crop, pad, stretch"), args(data, "--fit=zoom"));
    Cli.fails(2, List.of("--channels", "3 (colour)"), args(data, "--channels=2"));
    for (String size : new String[] {"0", "4x0", "4x", "x", "-3", "3x4x5", "100000"}) {
      Cli.fails(2, List.of("--image-size", "64x48", size), args(data, "--image-size=" + size));
    }
    Cli.fails(2, List.of("--background", "ffffff"), args(data, "--background=red"));
    Cli.fails(2, List.of("folder of pictures", "mnist"), args("mnist", "--image-size=8"));
  }

  private String[] args(String data, String... more) {
    return train(data, more).toArray(String[]::new);
  }
}
