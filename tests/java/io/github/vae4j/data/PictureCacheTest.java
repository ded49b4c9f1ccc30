// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decoded pictures in a file: streamed, found again, and replaced when they are wrong. */
class PictureCacheTest {
  private static final int ROWS = 7;

  /** No set fits, so that each is kept. */
  private static final OpenOptions STREAMED = new OpenOptions(0);

  @TempDir Path root;
  private Path folder = Path.of("");
  private Path caches = Path.of("");

  @BeforeEach
  void pictures() throws IOException {
    folder = root.resolve("pictures");
    caches = root.resolve("caches");
    System.setProperty(PictureCache.PROPERTY, caches.toString());
    for (int i = 0; i < ROWS; i++) {
      picture(i % 2 + "/" + i + ".png", 10 + i);
    }
  }

  @AfterEach
  void forget() {
    System.clearProperty(PictureCache.PROPERTY);
  }

  private void picture(String name, int level) throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setPixels(0, 0, 3, 2, new int[] {level, 1, 2, 3, 4, 5});
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    ImageIO.write(image, "png", file.toFile());
  }

  private List<Path> kept() throws IOException {
    if (!Files.exists(caches)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(caches)) {
      return files.sorted().toList();
    }
  }

  private DataSet open(OpenOptions options) {
    return DataSets.open(folder + "/", options);
  }

  /** Opens the folder; returns the remarks. */
  private String check(OpenOptions options, boolean resident, int... levels) {
    try (DataSet set = open(options)) {
      assertEquals(resident, set.resident());
      assertEquals(levels.length, set.rows());
      int pixel = set.features() / 6;
      float[] values = DataSets.values(set, 0, set.rows(), 1).values();
      for (int row = 0; row < levels.length; row++) {
        float[] own = Arrays.copyOfRange(values, row * 6 * pixel, (row + 1) * 6 * pixel);
        assertEquals(levels[row], own[0], "row " + row);
        assertEquals(5, own[own.length - 1]);
      }
      assertEquals(List.of("0", "1"), set.classes());
      assertEquals(1, set.label(set.rows() - 1));
      return String.join("\n", set.remarks());
    }
  }

  private static final int[] LEVELS = {10, 12, 14, 16, 11, 13, 15};

  @Test
  void rowsAreStreamedAndFoundAgain() throws IOException {
    String first = check(STREAMED, false, LEVELS);
    assertEquals(1, kept().size());
    assertTrue(first.contains("are kept for later commands in " + kept().get(0)), first);
    FileTime written = Files.getLastModifiedTime(kept().get(0));
    assertEquals("", check(STREAMED, false, LEVELS));
    assertEquals("", check(new OpenOptions(1 << 20), true, LEVELS));
    // The channels of a model, which a later command asks for.
    OpenOptions grey = STREAMED.withPictures(PictureOptions.PLAIN.withChannels(1));
    assertEquals("", check(grey, false, LEVELS));
    assertEquals(1, kept().size());
    assertEquals(written, Files.getLastModifiedTime(kept().get(0)));
    OpenOptions colour = STREAMED.withPictures(PictureOptions.PLAIN.withChannels(3));
    check(colour, false, LEVELS);
    assertEquals(2, kept().size());
    // Colours that were asked for are not those of the files.
    assertEquals("", check(STREAMED, false, LEVELS));
    try (DataSet set = open(STREAMED)) {
      assertEquals(new ImageShape(3, 2, 1), set.image());
    }
  }

  @Test
  void smallSetsAreNotKept() throws IOException {
    assertEquals("", check(new OpenOptions(1 << 20), true, LEVELS));
    assertEquals(List.of(), kept());
  }

  @Test
  void aChangedFolderIsDecodedAgain() throws IOException {
    check(STREAMED, false, LEVELS);
    picture("0/0.png", 99);
    Files.setLastModifiedTime(folder.resolve("0/0.png"), FileTime.fromMillis(1_000));
    String remarks = check(STREAMED, false, 99, 12, 14, 16, 11, 13, 15);
    assertTrue(remarks.contains("of an earlier state are replaced"), remarks);
    assertEquals(1, kept().size());
    Files.delete(folder.resolve("0/0.png"));
    remarks = check(STREAMED, false, 12, 14, 16, 11, 13, 15);
    assertTrue(remarks.contains("of an earlier state are replaced"), remarks);
    assertEquals("", check(STREAMED, false, 12, 14, 16, 11, 13, 15));
  }

  @Test
  void otherOptionsHaveAFileOfTheirOwn() throws IOException {
    check(STREAMED, false, LEVELS);
    PictureOptions small = PictureOptions.of(1, 1, PictureOptions.Fit.STRETCH);
    try (DataSet set = open(STREAMED.withPictures(small))) {
      assertEquals(new ImageShape(1, 1, 1), set.image());
    }
    assertEquals(2, kept().size());
    assertEquals("", check(STREAMED, false, LEVELS));
  }

  @Test
  void aChangedFolderLosesItsFilesOfAllOptions() throws IOException {
    check(STREAMED, false, LEVELS);
    Path other = Files.writeString(caches.resolve("0-0.pictures"), "of another folder");
    PictureOptions small = PictureOptions.of(1, 1, PictureOptions.Fit.STRETCH);
    open(STREAMED.withPictures(small)).close();
    assertEquals(3, kept().size());
    Files.setLastModifiedTime(folder.resolve("0/0.png"), FileTime.fromMillis(1_000));
    String remarks = check(STREAMED, false, LEVELS);
    assertTrue(remarks.contains("of an earlier state are replaced"), remarks);
    assertTrue(remarks.contains(".pictures, 0.0 MiB (-D"), remarks);
    assertEquals(2, kept().size());
    assertTrue(Files.exists(other));
    assertEquals("", check(STREAMED, false, LEVELS));
  }

  @Test
  void aWrongFileIsWrittenAnew() throws IOException {
    check(STREAMED, false, LEVELS);
    Path file = kept().get(0);
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 1, 100, 128, 140, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      String remarks = check(STREAMED, false, LEVELS);
      assertTrue(remarks.contains("are replaced"), length + " " + remarks);
      assertArrayEquals(whole, Files.readAllBytes(file));
    }
    for (int at : new int[] {0, 8, 71, 75, 79, 83, 87, 91, whole.length - 1}) {
      byte[] other = whole.clone();
      other[at] ^= 0x40;
      Files.write(file, other);
      assertTrue(check(STREAMED, false, LEVELS).contains("are replaced"), "byte " + at);
      assertArrayEquals(whole, Files.readAllBytes(file));
    }
  }

  @Test
  void remarksAreKeptToo() throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(2, 1, 0xff050505);
    ImageIO.write(image, "png", folder.resolve("1/9.png").toFile());
    int[] levels = {10, 12, 14, 16, 11, 13, 15, 0};
    String first = check(STREAMED, false, levels);
    String second = check(STREAMED, false, levels);
    assertTrue(second.contains("7 of 8 pictures are grey"), second);
    assertTrue(second.contains("1 of 8 pictures have transparent pixels"), second);
    assertTrue(first.startsWith(second), first);
    assertFalse(second.contains("are kept"), second);
  }

  @Test
  void aBrokenPictureLeavesNoFile() throws IOException {
    Files.writeString(folder.resolve("1/8.png"), "no picture");
    assertDataError(() -> open(STREAMED), "8.png", "not a PNG or JPEG");
    assertEquals(List.of(), kept());
  }

  @Test
  void aFolderThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "");
    System.setProperty(PictureCache.PROPERTY, file.toString());
    assertDataError(
        () -> open(STREAMED), "does not fit into memory", "cannot write", "-Dvae4j.data.cache");
    System.setProperty(PictureCache.PROPERTY, "none");
    assertEquals("", check(STREAMED, true, LEVELS));
  }
}
