// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.vae4j.tensor.DType;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferUShort;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path folder;

  private void grey(String name, int width, int... pixels) throws IOException {
    BufferedImage image =
        new BufferedImage(width, pixels.length / width, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setPixels(0, 0, width, pixels.length / width, pixels);
    write(name, image);
  }

  private void colour(String name, int type, int width, int... argb) throws IOException {
    BufferedImage image = new BufferedImage(width, argb.length / width, type);
    image.setRGB(0, 0, width, argb.length / width, argb, 0, width);
    write(name, image);
  }

  private void write(String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.toAbsolutePath().getParent());
    String format = name.endsWith("png") ? "png" : "jpg";
    assertTrue(ImageIO.write(image, format, file.toFile()));
  }

  private DataSet open() {
    return DataSets.open(folder + "/");
  }

  private DataSet open(PictureOptions options) {
    return DataSets.open(folder + "/", OpenOptions.defaults().withPictures(options));
  }

  private int[] row(int row) {
    try (DataSet set = open()) {
      ByteBuffer raw = ByteBuffer.allocate(set.features()).order(ByteOrder.nativeOrder());
      set.read(row, 1, raw);
      int[] values = new int[set.features()];
      Arrays.setAll(values, i -> Byte.toUnsignedInt(raw.get(i)));
      return values;
    }
  }

  @Test
  void greyStaysOneChannelAndExact() throws IOException {
    grey("b.png", 3, 0, 1, 100, 128, 200, 255);
    grey("a.png", 3, 9, 8, 7, 6, 5, 4);
    try (DataSet set = open()) {
      assertEquals(2, set.rows());
      assertEquals(new ImageShape(3, 2, 1), set.image());
      assertEquals(DType.UINT8, set.type());
      assertEquals(1f / 255, set.scale());
      assertEquals(-1, set.label(0));
    }
    assertArrayEquals(new int[] {9, 8, 7, 6, 5, 4}, row(0));
    assertArrayEquals(new int[] {0, 1, 100, 128, 200, 255}, row(1));
  }

  @Test
  void colourIsThreeChannelsLast() throws IOException {
    colour("a.png", BufferedImage.TYPE_INT_RGB, 2, 0x010203, 0xfffefd);
    colour("b.png", BufferedImage.TYPE_INT_ARGB, 2, 0xff0a0b0c, 0xff141516);
    try (DataSet set = open()) {
      assertEquals(new ImageShape(2, 1, 3), set.image());
    }
    assertArrayEquals(new int[] {1, 2, 3, 255, 254, 253}, row(0));
    assertArrayEquals(new int[] {10, 11, 12, 20, 21, 22}, row(1));
  }

  @Test
  void sixteenBitsAndPalettesOfGrey() throws IOException {
    BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    short[] samples = ((DataBufferUShort) deep.getRaster().getDataBuffer()).getData();
    samples[0] = (short) 0xffff;
    samples[1] = (short) (100 * 257);
    write("a.png", deep);
    byte[] levels = {(byte) 200, 50};
    IndexColorModel palette = new IndexColorModel(1, 2, levels, levels, levels);
    BufferedImage indexed = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    indexed.getRaster().setSample(1, 0, 0, 1);
    write("b.png", indexed);
    BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    bits.getRaster().setSample(1, 0, 0, 1);
    write("c.png", bits);
    assertArrayEquals(new int[] {255, 100}, row(0));
    assertArrayEquals(new int[] {200, 50}, row(1));
    assertArrayEquals(new int[] {0, 255}, row(2));
  }

  @Test
  void jpegsOfOneGreyStayThatGrey() throws IOException {
    grey("a.jpg", 8, fill(64, 77));
    grey("b.jpeg", 8, fill(64, 200));
    int[] first = row(0);
    int[] second = row(1);
    for (int i = 0; i < 64; i++) {
      assertEquals(77, first[i], 1);
      assertEquals(200, second[i], 1);
    }
  }

  @Test
  void subFoldersAreClasses() throws IOException {
    grey("two/x.png", 1, 20);
    grey("one/deep/y.png", 1, 11);
    grey("one/z.PNG.png", 1, 12);
    grey("three.png", 1, 30);
    Files.writeString(folder.resolve("two/notes.txt"), "not an image");
    Files.writeString(folder.resolve("two/._x.png"), "not an image either");
    try (DataSet set = open()) {
      // In the order of the paths; the classes are one = 0 and two = 1.
      assertArrayEquals(
          new int[] {11, 12, 30, 20}, new int[] {row(0)[0], row(1)[0], row(2)[0], row(3)[0]});
      assertEquals(0, set.label(0));
      assertEquals(0, set.label(1));
      assertEquals(-1, set.label(2));
      assertEquals(1, set.label(3));
    }
    try (DataSet set = DataSets.open(folder.resolve("one").toString())) {
      assertEquals(2, set.rows());
    }
  }

  @Test
  void differentSizesNameBothFiles() throws IOException {
    for (int i = 10; i < 60; i++) {
      grey("f" + i + ".png", 2, 1, 2, 3, 4);
    }
    grey("f33x.png", 3, 1, 2, 3);
    grey("f44x.png", 1, 1);
    assertDataError(
        this::open,
        "f10.png is 2 x 2, but ",
        "f33x.png is 3 x 1; ",
        "PictureOptions.of, as in 64x48");
  }

  @Test
  void greyAndColourAreReadInColour() throws IOException {
    grey("a.png", 1, 9);
    colour("b.png", BufferedImage.TYPE_INT_RGB, 1, 0x010203);
    assertArrayEquals(new int[] {9, 9, 9}, row(0));
    assertArrayEquals(new int[] {1, 2, 3}, row(1));
    try (DataSet set = open()) {
      assertEquals(1, set.remarks().size());
      assertTrue(
          set.remarks().get(0).contains("1 of 2 pictures are grey"), set.remarks()::toString);
    }
    try (DataSet set = open(PictureOptions.PLAIN.withChannels(1))) {
      assertEquals(new ImageShape(1, 1, 1), set.image());
      assertTrue(set.remarks().get(0).contains("1 of 2 pictures have colour"));
      // 0.299 x 1 + 0.587 x 2 + 0.114 x 3 = 1.8
      assertEquals(2, DataSets.values(set, 1, 1, 1).values()[0]);
    }
  }

  @Test
  void transparency() throws IOException {
    colour("a.png", BufferedImage.TYPE_INT_ARGB, 2, 0x80010203, 0xff040506);
    // A half of the colour over black: 128 / 255 of it.
    assertArrayEquals(new int[] {1, 1, 2, 4, 5, 6}, row(0));
    try (DataSet set = open()) {
      assertTrue(set.remarks().get(0).contains("1 of 1 pictures have transparent pixels"));
      assertTrue(set.remarks().get(0).contains("PictureOptions.background"));
    }
    try (DataSet set = open(PictureOptions.PLAIN.withBackground("ff0080"))) {
      // 127 / 255 of the background and 128 / 255 of the colour.
      assertArrayEquals(new float[] {128, 1, 65, 4, 5, 6}, DataSets.values(set, 0, 1, 1).values());
    }
  }

  @Test
  void anySizeBecomesOneSize() throws IOException {
    grey("a/x.png", 4, 1, 2, 3, 4, 5, 6, 7, 8);
    grey("b/y.png", 2, 10, 20, 30, 40);
    grey("b/z.png", 1, 50);
    try (DataSet set = open(PictureOptions.of(2, 2, PictureOptions.Fit.CROP))) {
      assertEquals(new ImageShape(2, 2, 1), set.image());
      assertEquals(List.of("a", "b"), set.classes());
      assertArrayEquals(
          new float[] {2, 3, 6, 7, 10, 20, 30, 40, 50, 50, 50, 50},
          DataSets.values(set, 0, 3, 1).values());
    }
    try (DataSet set = open(PictureOptions.of(4, 4, PictureOptions.Fit.PAD))) {
      assertArrayEquals(
          new float[] {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0},
          DataSets.values(set, 0, 1, 1).values());
    }
    assertDataError(this::open, "x.png is 4 x 2, but ", "y.png is 2 x 2", "PictureOptions.of");
  }

  @Test
  void sizesAreComparedUpright() throws IOException {
    byte[] lying = Pictures.jpeg(1, 16, 8, (x, y) -> new int[] {90});
    byte[] upright = Pictures.jpeg(1, 8, 16, (x, y) -> new int[] {90});
    Files.write(folder.resolve("a.jpg"), Pictures.withOrientation(lying, 6));
    Files.write(folder.resolve("b.jpg"), upright);
    try (DataSet set = open()) {
      assertEquals(new ImageShape(8, 16, 1), set.image());
    }
  }

  @Test
  void unreadableImages() throws IOException {
    Path bad = folder.resolve("bad.png");
    Files.writeString(bad, "not an image");
    assertDataError(this::open, "bad.png", "not a PNG or JPEG");
    grey("bad.png", 8, fill(64, 3));
    byte[] png = Files.readAllBytes(bad);
    Files.write(bad, Arrays.copyOf(png, 40));
    assertDataError(this::open, "bad.png", "truncated", "get the file again");
    Files.write(bad, Arrays.copyOf(png, png.length - 12));
    assertDataError(this::open, "bad.png", "truncated", "before its last chunk");
    png[png.length - 20]++;
    Files.write(bad, png);
    assertDataError(this::open, "bad.png", "damaged", "IDAT");
    Files.write(bad, new byte[0]);
    assertDataError(this::open, "bad.png", "0 bytes", "take it out of the folder");
    Files.write(bad, new Bytes().text("GIF89a").array());
    assertDataError(this::open, "bad.png", "not a PNG or JPEG image, but a GIF", "convert it");
  }

  @Test
  void truncatedJpeg() throws IOException {
    int[] noise = new int[64 * 64];
    Arrays.setAll(noise, i -> i * 7919 % 256);
    grey("cut.jpg", 64, noise);
    Path file = folder.resolve("cut.jpg");
    byte[] jpeg = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(jpeg, jpeg.length / 2));
    assertDataError(this::open, "cut.jpg", "truncated");
    Files.write(file, Arrays.copyOf(jpeg, 100));
    assertDataError(this::open, "cut.jpg", "truncated", "within its header");
  }

  @Test
  void foldersWithoutImages() throws IOException {
    assertDataError(this::open, "is empty", ".png");
    assertDataError(() -> DataSets.open(folder + "/none/"), "no such folder");
    Files.writeString(folder.resolve("file"), "");
    assertDataError(() -> DataSets.open(folder + "/file/"), "is a file");
  }

  @Test
  void numbersAreClassesInTheirOrder() throws IOException {
    grey("10/x.png", 1, 10);
    grey("2/x.png", 1, 2);
    grey("1/x.png", 1, 1);
    try (DataSet set = open()) {
      assertEquals(List.of("1", "2", "10"), set.classes());
      // Rows stay in the order of their paths.
      assertArrayEquals(new int[] {1, 10, 2}, new int[] {row(0)[0], row(1)[0], row(2)[0]});
      assertArrayEquals(new int[] {0, 2, 1}, new int[] {set.label(0), set.label(1), set.label(2)});
      assertEquals(List.of(), set.remarks());
    }
    grey("a/x.png", 1, 3);
    try (DataSet set = open()) {
      assertEquals(List.of("1", "10", "2", "a"), set.classes());
    }
  }

  @Test
  void hiddenFoldersAreNoClasses() throws IOException {
    grey(".ipynb_checkpoints/x.png", 1, 1);
    grey("__MACOSX/x.png", 1, 2);
    grey("cat/.x.png", 1, 3);
    grey("cat/x.png", 1, 4);
    Files.writeString(folder.resolve("cat/.DS_Store"), "");
    Files.writeString(folder.resolve("cat/Thumbs.db"), "");
    try (DataSet set = open()) {
      assertEquals(List.of("cat"), set.classes());
      assertEquals(1, set.rows());
      assertEquals(0, set.label(0));
      assertEquals(List.of(), set.remarks());
    }
  }

  @Test
  void filesThatArePassedOverAreSaid() throws IOException {
    grey("cat/x.png", 1, 4);
    Files.writeString(folder.resolve("cat/a.txt"), "");
    Files.writeString(folder.resolve("notes.bmp"), "");
    Files.createSymbolicLink(folder.resolve("cat/gone.png"), Path.of("nowhere.png"));
    Files.createSymbolicLink(folder.resolve("cat/loop"), folder);
    Files.createSymbolicLink(folder.resolve("dog.png"), Path.of("cat/x.png"));
    try (DataSet set = open()) {
      assertEquals(2, set.rows());
      List<String> remarks = set.remarks();
      assertEquals(3, remarks.size());
      assertTrue(remarks.get(0).contains("passes over 2 files of another kind"), remarks.get(0));
      assertTrue(remarks.get(0).contains("for example cat/a.txt"), remarks.get(0));
      assertTrue(remarks.get(1).contains("1 links to files that do not exist"), remarks.get(1));
      assertTrue(remarks.get(1).contains("cat/gone.png"), remarks.get(1));
      assertTrue(remarks.get(2).contains("1 links to a folder"), remarks.get(2));
    }
  }

  @Test
  void aHeaderOfAHugePicture() throws IOException {
    grey("a.png", 1, 7);
    Path file = folder.resolve("a.png");
    byte[] png = Files.readAllBytes(file);
    announce(png, 100_000, 100_000);
    Files.write(file, png);
    assertDataError(this::open, "a.png", "100000 x 100000", "can hold");
    // A file that is long enough for the size.
    Files.write(file, Arrays.copyOf(png, 2_000_000));
    assertDataError(this::open, "a.png", "100000 x 100000", "at most 2^29 pixels", "scale it down");
    announce(png, -1, 5);
    Files.write(file, png);
    assertDataError(this::open, "a.png", "4294967295 x 5", "damaged");
    byte[] jpeg = Pictures.jpeg(3, 8, 8, (x, y) -> new int[] {9, 9, 9});
    int frame = Pictures.indexOf(jpeg, 0xC0);
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) -1).putShort(frame + 7, (short) -1);
    Files.write(file, jpeg);
    assertDataError(this::open, "a.png", "65535 x 65535", "at most 2^29 pixels");
  }

  @Test
  void aPictureThatCannotBeScaledIsNamed() throws IOException {
    grey("a.png", 30_000, IntStream.range(0, 30_000).map(x -> x % 9).toArray());
    // Its lines have more numbers than an array.
    PictureOptions wide = PictureOptions.of(1, 99_999, PictureOptions.Fit.STRETCH);
    OpenOptions options = OpenOptions.defaults().withPictures(wide);
    DataSets.open(folder + "/", options).close();
    Files.delete(folder.resolve("a.png"));
    grey("b.png", 1, IntStream.range(0, 30_000).map(y -> y % 9).toArray());
    wide = PictureOptions.of(99_999, 1, PictureOptions.Fit.STRETCH);
    OpenOptions wider = OpenOptions.defaults().withPictures(wide);
    assertDataError(
        () -> DataSets.open(folder + "/", wider), "b.png", "cannot be scaled to 99999 x 1", "-Xmx");
  }

  private static void announce(byte[] png, int width, int height) {
    ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
    CRC32 sum = new CRC32();
    sum.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) sum.getValue());
  }

  private static int[] fill(int count, int value) {
    int[] pixels = new int[count];
    Arrays.fill(pixels, value);
    return pixels;
  }
}
