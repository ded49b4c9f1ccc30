// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.Thrown;
import io.github.vae4j.VaeException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnimatedGifTest {
  @TempDir private Path folder;

  private static BufferedImage grey(int width, int height, int start) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < width * height; i++) {
      picture.getRaster().setSample(i % width, i / width, 0, (start + i) % 256);
    }
    return picture;
  }

  /** Red goes to the right, green down, and blue with the frame. */
  private static BufferedImage colours(int side, int blue) {
    BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int red = 255 * x / (side - 1);
        int green = 255 * y / (side - 1);
        picture.setRGB(x, y, (red << 16) | (green << 8) | blue);
      }
    }
    return picture;
  }

  private static int[] colours(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }

  private static AnimatedGif.Frame frame(BufferedImage picture, String comment) {
    return new AnimatedGif.Frame(picture, 70, comment);
  }

  private List<AnimatedGif.Frame> written(List<AnimatedGif.Frame> frames) {
    Path file = folder.resolve("new/a.gif");
    AnimatedGif.write(frames, file);
    return AnimatedGif.read(file);
  }

  @Test
  void greysTimesAndCommentsAreExact() {
    List<AnimatedGif.Frame> read =
        written(List.of(frame(grey(20, 16, 0), "first"), frame(grey(20, 16, 9), "")));
    assertEquals(2, read.size());
    assertEquals("first", read.get(0).comment());
    assertEquals("", read.get(1).comment());
    assertEquals(70, read.get(1).milliseconds());
    for (int i = 0; i < 2; i++) {
      int start = 9 * i;
      int[] expected =
          IntStream.range(0, 320)
              .map(at -> (start + at) % 256)
              .map(value -> 0xff000000 | value << 16 | value << 8 | value)
              .toArray();
      assertArrayEquals(expected, colours(read.get(i).picture()), "frame " + i);
    }
  }

  @Test
  void fewColoursAreExactAndManyAreNear() {
    BufferedImage few = colours(16, 40);
    BufferedImage many = colours(128, 200);
    assertArrayEquals(colours(few), colours(written(List.of(frame(few, ""))).get(0).picture()));
    int[] expected = colours(many);
    int[] found = colours(written(List.of(frame(many, ""))).get(0).picture());
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      for (int shift = 0; shift <= 16; shift += 8) {
        sum += Math.abs((expected[i] >> shift & 255) - (found[i] >> shift & 255));
      }
    }
    assertTrue(sum / expected.length / 3 < 5, "mean difference " + sum / expected.length / 3);
  }

  /** A run that goes on writes the pictures that it has read. */
  @Test
  void whatWasReadIsWrittenAgainWithoutLoss() {
    List<AnimatedGif.Frame> once =
        written(List.of(frame(colours(64, 3), "a"), frame(colours(64, 99), "b")));
    List<AnimatedGif.Frame> twice = written(once);
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(colours(once.get(i).picture()), colours(twice.get(i).picture()));
      assertEquals(once.get(i).comment(), twice.get(i).comment());
    }
  }

  @Test
  void theSequenceRepeatsWithoutEnd() throws IOException {
    written(List.of(frame(grey(2, 2, 0), ""), frame(grey(2, 2, 5), "")));
    String bytes =
        new String(Files.readAllBytes(folder.resolve("new/a.gif")), StandardCharsets.ISO_8859_1);
    assertTrue(bytes.startsWith("GIF89a"));
    assertTrue(bytes.contains("NETSCAPE2.0\003\001\000\000\000"));
  }

  @Test
  void thereAndBackShowsTheEndsOnce() {
    List<AnimatedGif.Frame> frames =
        IntStream.range(0, 4).mapToObj(i -> frame(grey(1, 1, i), "" + i)).toList();
    assertEquals(
        List.of("0", "1", "2", "3", "2", "1"),
        AnimatedGif.thereAndBack(frames).stream().map(AnimatedGif.Frame::comment).toList());
    assertEquals(2, AnimatedGif.thereAndBack(frames.subList(0, 2)).size());
    assertEquals(1, AnimatedGif.thereAndBack(frames.subList(0, 1)).size());
  }

  @Test
  void wrongArguments() throws IOException {
    Path file = folder.resolve("a.gif");
    Thrown.says(
        IllegalArgumentException.class,
        () -> AnimatedGif.write(List.of(), file),
        "frames: expected 1 or more");
    Thrown.says(
        IllegalArgumentException.class,
        () -> AnimatedGif.write(List.of(frame(grey(2, 2, 0), ""), frame(grey(2, 3, 0), "")), file),
        "expected 2 x 2 pixels",
        "given 2 x 3 in frame 1");
    Thrown.says(
        IllegalArgumentException.class,
        () -> new AnimatedGif.Frame(grey(1, 1, 0), 9, ""),
        "10 milliseconds or more, given 9");
    Files.writeString(file, "GIF89a and then nothing");
    Thrown.says(VaeException.class, () -> AnimatedGif.read(file), "not a readable GIF");
  }
}
