// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.picture.AnimatedGif;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Animations and labelled grids of the commands. */
final class PicturesTest {
  private static final String REFERENCE = "--backend=reference";

  @TempDir private static Path folder = Path.of("");

  private static String data = "";
  private static String model = "";

  @BeforeAll
  static void train() throws IOException {
    data = Cli.imageRows(folder);
    model = "--model=" + folder.resolve("run");
    run("run", 3);
  }

  private static void run(String name, int epochs, String... more) {
    List<String> arguments =
        List.of(
            "train",
            data,
            "--out=" + folder.resolve(name),
            "--hidden=4",
            "--latent=2",
            "--epochs=" + epochs,
            REFERENCE);
    Cli.ok(Cli.with(arguments, more));
  }

  private static String out(String name) {
    return "--out=" + folder.resolve(name);
  }

  private static List<AnimatedGif.Frame> frames(String name) {
    return AnimatedGif.read(folder.resolve(name));
  }

  private static int[] colours(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }

  @Test
  void aTraversalGoesThereAndBack() {
    Cli.ok("traverse", data, model, "--steps=5", out("t.gif"), REFERENCE);
    List<AnimatedGif.Frame> frames = frames("t.gif");
    assertEquals(8, frames.size());
    assertArrayEquals(colours(frames.get(1).picture()), colours(frames.get(7).picture()));
    Cli.ok(
        "traverse", data, model, "--row=1", "--dimensions=1", "--steps=3", out("o.gif"), REFERENCE);
    assertEquals(4, frames("o.gif").size());
    assertTrue(frames("o.gif").get(0).picture().getWidth() >= 224);
  }

  @Test
  void anInterpolationGoesThereAndBack() {
    Cli.ok("interpolate", data, model, "--rows=1,2", "--steps=4", out("i.gif"), REFERENCE);
    assertEquals(6, frames("i.gif").size());
    assertEquals(150, frames("i.gif").get(0).milliseconds());
  }

  @Test
  void aRunShowsItsEpochs() {
    List<AnimatedGif.Frame> frames = frames("run/training.gif");
    assertEquals(
        List.of("epoch 1", "epoch 2", "epoch 3"),
        frames.stream().map(AnimatedGif.Frame::comment).toList());
    assertTrue(frames.get(2).milliseconds() > frames.get(1).milliseconds());
  }

  @Test
  void aRunThatGoesOnKeepsItsPictures() {
    run("whole", 4);
    run("parts", 2);
    Cli.ok("train", out("parts"), "--resume", "--epochs=4", REFERENCE);
    List<AnimatedGif.Frame> whole = frames("whole/training.gif");
    List<AnimatedGif.Frame> parts = frames("parts/training.gif");
    assertEquals(4, parts.size());
    for (int i = 0; i < 4; i++) {
      assertEquals(whole.get(i).comment(), parts.get(i).comment());
      assertArrayEquals(
          colours(whole.get(i).picture()), colours(parts.get(i).picture()), "frame " + i);
    }
  }

  @Test
  void ofManyEpochsSomeAreShown() {
    run("long", 120);
    List<AnimatedGif.Frame> frames = frames("long/training.gif");
    assertTrue(frames.size() >= 30 && frames.size() <= 52, "" + frames.size());
    assertEquals("epoch 1", frames.get(0).comment());
    assertEquals("epoch 120", frames.get(frames.size() - 1).comment());
  }

  @Test
  void aDamagedAnimationBeginsAnew() throws IOException {
    run("damaged", 1);
    Files.writeString(folder.resolve("damaged/training.gif"), "GIF89a");
    Cli.ok("train", out("damaged"), "--resume", "--epochs=3", REFERENCE);
    assertEquals("epoch 2", frames("damaged/training.gif").get(0).comment());
  }

  @Test
  void rowsThatAreNoImagesHaveNoAnimation() throws IOException {
    String numbers = Cli.binaryRows(folder);
    Path run = folder.resolve("numbers");
    Cli.ok("train", numbers, "--schema=none", "--out=" + run, "--hidden=4", REFERENCE);
    assertFalse(Files.exists(run.resolve("training.gif")));
    for (String command : List.of("traverse", "interpolate")) {
      List<String> arguments = List.of(command, numbers, "--model=" + run, out("x.gif"), REFERENCE);
      String[] ends = command.equals("traverse") ? new String[0] : new String[] {"--rows=0,1"};
      Cli.fails(2, List.of("rows of this model are not images"), Cli.with(arguments, ends));
    }
  }

  @Test
  void anAnimationIsForRowsInAnOrder() {
    for (String command : List.of("sample", "reconstruct")) {
      Cli.fails(
          2,
          List.of("--out: the commands traverse and interpolate write .gif", ".png"),
          command,
          model,
          out("x.gif"),
          REFERENCE);
    }
    Cli.fails(2, List.of("codes are numbers"), "encode", model, out("x.gif"), REFERENCE);
  }

  @Test
  void pairsAreLabelled() throws IOException {
    Cli.ok("reconstruct", data, model, "--limit=4", "--columns=1", out("r.png"), REFERENCE);
    BufferedImage picture = ImageIO.read(folder.resolve("r.png").toFile());
    assertTrue(picture.getWidth() >= 2 * 80, "" + picture.getWidth());
    int brightest = 0;
    for (int i = 0; i < picture.getWidth() * 15; i++) {
      int x = i % picture.getWidth();
      brightest = Math.max(brightest, picture.getRaster().getSample(x, i / picture.getWidth(), 0));
    }
    assertTrue(brightest > 200, "the labels are white");
  }
}
