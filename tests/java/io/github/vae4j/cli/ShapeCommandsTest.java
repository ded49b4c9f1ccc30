// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vae4j.data.Bytes;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that get a shape by an option, which a run keeps for later commands. */
class ShapeCommandsTest {
  private static final int ROWS = 12;
  private static final int LENGTH = 8;
  private static final int CHANNELS = 9;
  private static final String WINDOWS = "--shape=series:8x9";

  @TempDir Path folder;

  /** (N, L, C), (N, C, L), (N, L C) and CSV of the same values. */
  private Path last = Path.of("");

  private Path first = Path.of("");
  private Path flat = Path.of("");
  private Path csv = Path.of("");

  @BeforeEach
  void write() throws IOException {
    last = array("last", "(12, 8, 9)", false);
    first = array("first", "(12, 9, 8)", true);
    flat = array("flat", "(12, 72)", false);
    List<String> lines = new ArrayList<>();
    lines.add(IntStream.range(0, 72).mapToObj(i -> "v" + i).collect(Collectors.joining(",")));
    for (int row = 0; row < ROWS; row++) {
      int start = row;
      lines.add(
          IntStream.range(0, 72)
              .mapToObj(i -> Float.toString(value(start, i / CHANNELS, i % CHANNELS)))
              .collect(Collectors.joining(",")));
    }
    csv = Files.write(folder.resolve("rows.csv"), lines);
  }

  private static float value(int row, int place, int channel) {
    return (float) Math.sin(row + 0.7 * place * (channel + 1));
  }

  private Path array(String name, String shape, boolean channelsFirst) throws IOException {
    Bytes bytes = Bytes.npy("<f4", false, shape);
    int inner = channelsFirst ? LENGTH : CHANNELS;
    for (int i = 0; i < ROWS * LENGTH * CHANNELS; i++) {
      int row = i / (LENGTH * CHANNELS);
      int outer = i / inner % (channelsFirst ? CHANNELS : LENGTH);
      int at = i % inner;
      bytes.f32(channelsFirst ? value(row, at, outer) : value(row, outer, at));
    }
    return bytes.write(folder.resolve(name + ".npy"));
  }

  private Cli train(Path data, String... more) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("train", "--data=" + data, "--out=" + folder.resolve("run")));
    all.addAll(List.of("--epochs=1", "--latent=1", "--batch=4", "--overwrite"));
    all.addAll(List.of("--likelihood=gaussian", "--validation=0.25"));
    all.addAll(List.of(more));
    if (all.stream().noneMatch(option -> option.startsWith("--encoder"))) {
      all.add("--encoder=conv1d:4x3s2,flatten,8");
    }
    return Cli.ok(all);
  }

  private double elbo(String... more) {
    List<String> all =
        new ArrayList<>(List.of("evaluate", "--model=" + folder.resolve("run"), "--json"));
    all.addAll(List.of(more));
    return Cli.ok(all).objects().get(0).get("elbo").doubleValue();
  }

  @Test
  void oneSetInFourForms() throws IOException {
    Cli trained = train(flat, WINDOWS);
    assertTrue(trained.out().contains("9 series of 8 values in 9 channels"), trained.out());
    double own = elbo();
    double all = elbo("--data=" + flat);
    // The run keeps the shape.
    assertEquals(all, elbo("--data=" + last));
    assertEquals(all, elbo("--data=" + first, "--layout=nchw"));
    assertEquals(all, elbo("--data=" + csv), 1e-4);
    JsonNode run = Cli.object(Cli.specification(folder.resolve("run")));
    assertEquals(
        "{\"width\":8,\"height\":1,\"channels\":9}",
        run.get("data").get("reading").get("shape").toString());
    train(last, WINDOWS);
    assertEquals(own, elbo());
    train(first, WINDOWS, "--layout=nchw");
    assertEquals(own, elbo());
    train(csv, WINDOWS);
    assertEquals(own, elbo(), 1e-4);
    assertEquals(all, elbo("--data=" + csv), 1e-4);
  }

  /** Without a shape the channels look like lines of an image. */
  @Test
  void seriesWhoseChannelsComeFirstAreRemarkedOn() {
    String remark = "is read as grey images (N, H, W); for series";
    Cli trained = train(first, "--layout=nchw", "--encoder=4");
    assertTrue(trained.err().contains(remark), trained.err());
    assertTrue(trained.err().contains("by --shape, as in series:8x9"), trained.err());
    assertFalse(train(first, WINDOWS, "--layout=nchw").err().contains(remark));
  }

  @Test
  void aTableWhoseChannelsComeFirstIsFoundByNames() throws IOException {
    Path planes = folder.resolve("planes.csv");
    Files.write(planes, List.of("a0,a1,b0,b1", "0,1,2,3", "1,0,3,5", "2,2,2,1", "0,3,1,1"));
    Path other = folder.resolve("other.csv");
    Files.write(
        other, List.of("b1,x,b0,a1,a0", "3,9,2,1,0", "5,9,3,0,1", "1,9,2,2,2", "1,9,1,3,0"));
    train(planes, "--shape=series:2x2", "--layout=nchw", "--encoder=conv1d:4x1,flatten,8");
    assertEquals(elbo("--data=" + planes), elbo("--data=" + other));
  }

  @Test
  void missingValuesAndTheirMaskHaveTheShapeOfTheRows() throws IOException {
    Path planes = mask("planes", "(12, 9, 8)", true);
    Cli trained = train(first, WINDOWS, "--layout=nchw", "--mask=" + planes);
    assertTrue(trained.out().contains("in 9 channels, some may be missing"), trained.out());
    double own = elbo();
    train(last, WINDOWS, "--mask=" + mask("pixels", "(12, 8, 9)", false));
    assertEquals(own, elbo());
    train(last, WINDOWS);
    assertNotEquals(own, elbo());
  }

  /** A third of the places are missing in all channels but the first. */
  private Path mask(String name, String shape, boolean channelsFirst) throws IOException {
    Bytes bytes = Bytes.npy("|b1", false, shape);
    int inner = channelsFirst ? LENGTH : CHANNELS;
    for (int i = 0; i < ROWS * LENGTH * CHANNELS; i++) {
      int outer = i / inner % (channelsFirst ? CHANNELS : LENGTH);
      int place = channelsFirst ? i % inner : outer;
      int channel = channelsFirst ? outer : i % inner;
      int row = i / (LENGTH * CHANNELS);
      bytes.u8(channel > 0 && (row + place) % 3 == 0 ? 0 : 1);
    }
    return bytes.write(folder.resolve(name + ".npy"));
  }

  @Test
  void imagesOfManyChannels() throws IOException {
    Bytes bytes = Bytes.npy("<f4", false, "(12, 4, 6, 6)");
    for (int i = 0; i < 12 * 144; i++) {
      bytes.f32((float) Math.sin(i));
    }
    Path bands = bytes.write(folder.resolve("bands.npy"));
    Cli trained = train(bands, "--layout=nchw", "--encoder=conv:4x3,flatten,8", "--flip");
    assertTrue(trained.out().contains("9 images of 6 x 6 in 4 channels"), trained.out());
    assertTrue(trained.err().contains("images have 4 channels, and pictures 1 or 3"));
    assertFalse(Files.exists(folder.resolve("run/samples.png")));
    String model = "--model=" + folder.resolve("run");
    Cli.ok("reconstruct", model, "--out=" + folder.resolve("a.npy"));
    String picture = "--out=" + folder.resolve("a.png");
    List<String> refused = List.of("--out: images of this model have 4 channels", ".npy or .csv");
    Cli.fails(2, refused, "sample", model, picture);
    Cli.fails(2, refused, "traverse", model, picture);
    Cli.fails(
        2,
        List.of("--sharpness: expected images of 1 channel", "given 4 channels"),
        "evaluate",
        model,
        "--sharpness");
  }

  @Test
  void seriesAreDrawnAsPlots() throws IOException {
    train(flat, WINDOWS);
    for (String name : List.of("samples.png", "reconstructions.png", "training.gif")) {
      assertTrue(Files.exists(folder.resolve("run").resolve(name)), name);
    }
    String model = "--model=" + folder.resolve("run");
    for (String end : List.of("png", "gif")) {
      Path file = folder.resolve("a." + end);
      Cli.ok("interpolate", model, "--rows=0,1", "--steps=3", "--out=" + file);
      BufferedImage picture = ImageIO.read(file.toFile());
      assertTrue(picture.getWidth() > 160 && picture.getHeight() > 80, end);
    }
  }

  @Test
  void wrongShapes() {
    String out = "--out=" + folder.resolve("x");
    String data = "--data=" + flat;
    Cli.fails(
        2,
        List.of("--shape: expected height x width x channels = 72", "given 7 x 8 x 1 = 56"),
        "train",
        data,
        out,
        "--shape=7x8");
    for (String text : List.of("72", "8x9x1x1", "series:8x9x1", "0x72", "x9", "series:")) {
      Cli.fails(2, List.of("--shape", "expected"), "train", data, out, "--shape=" + text);
    }
    Cli.fails(2, List.of("--shape is for", "mnist"), "train", "--data=mnist", out, "--shape=28x28");
    Cli.fails(2, List.of("or give --shape too"), "train", "--data=" + csv, out, "--layout=nchw");
    Cli.fails(
        2,
        List.of("--schema", "or --shape"),
        "train",
        "--data=" + csv,
        out,
        "--shape=8x9",
        "--schema=auto");
  }

  @Test
  void laterRowsOfAnotherLengthAreNotThoseOfTheModel() throws IOException {
    train(flat, WINDOWS);
    Path other =
        Bytes.npy("<f4", false, "(2, 3)").f32(1, 2, 3, 4, 5, 6).write(folder.resolve("other.npy"));
    Cli.fails(
        1,
        List.of("has rows of 3 values, the model was made for 72"),
        "evaluate",
        "--model=" + folder.resolve("run"),
        "--data=" + other);
  }
}
