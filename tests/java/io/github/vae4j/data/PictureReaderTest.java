// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static io.github.vae4j.data.Failures.assertDataError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of PNG and JPEG becomes the same bytes on every JDK. */
class PictureReaderTest {
  private static final int WHITE = 0xffffff;

  @TempDir Path folder;

  private final PictureReader colour = new PictureReader(3, 0);
  private final PictureReader grey = new PictureReader(1, 0);

  private int[] read(PictureReader reader, byte[] file) throws IOException {
    Picture picture = reader.read(Files.write(folder.resolve("picture"), file));
    int[] values = new int[picture.pixels().length];
    Arrays.setAll(values, i -> Byte.toUnsignedInt(picture.pixels()[i]));
    return values;
  }

  private PictureHeader header(byte[] file) throws IOException {
    return PictureHeader.read(Files.write(folder.resolve("picture"), file));
  }

  private static byte[] bytes(int... values) {
    return new Bytes().u8(values).array();
  }

  @Test
  void greyOfEveryDepth() throws IOException {
    assertArrayEquals(
        new int[] {0, 255, 0, 255}, read(grey, Pictures.png(4, 1, 1, 0, 0, bytes(0, 0x50))));
    assertArrayEquals(
        new int[] {0, 85, 170, 255}, read(grey, Pictures.png(4, 1, 2, 0, 0, bytes(0, 0x1b))));
    assertArrayEquals(new int[] {85, 255}, read(grey, Pictures.png(2, 1, 4, 0, 0, bytes(0, 0x5f))));
    assertArrayEquals(
        new int[] {5, 250}, read(grey, Pictures.png(2, 1, 8, 0, 0, bytes(0, 5, 250))));
    // 0x01ff = 511 is 1.99 of 255 steps of 257; 0x0080 = 128 is 0.498 and 0x0081 is 0.502.
    assertArrayEquals(
        new int[] {2, 0, 1, 255},
        read(grey, Pictures.png(4, 1, 16, 0, 0, bytes(0, 1, 255, 0, 128, 0, 129, 255, 255))));
    assertArrayEquals(new int[] {7, 7, 7}, read(colour, Pictures.png(1, 1, 8, 0, 0, bytes(0, 7))));
  }

  @Test
  void coloursAndPalettes() throws IOException {
    byte[] red = Pictures.png(1, 1, 8, 2, 0, bytes(0, 200, 100, 50));
    assertArrayEquals(new int[] {200, 100, 50}, read(colour, red));
    // 0.299 x 200 + 0.587 x 100 + 0.114 x 50 = 124.2
    assertArrayEquals(new int[] {124}, read(grey, red));
    assertArrayEquals(
        new int[] {1, 2, 255},
        read(colour, Pictures.png(1, 1, 16, 2, 0, bytes(0, 1, 1, 2, 2, 255, 255))));
    byte[] palette = Pictures.chunk("PLTE", bytes(1, 2, 3, 40, 50, 60));
    byte[] indexed = Pictures.png(2, 1, 1, 3, 0, bytes(0, 0x40), palette);
    assertArrayEquals(new int[] {1, 2, 3, 40, 50, 60}, read(colour, indexed));
    assertTrue(
        header(Pictures.png(1, 1, 8, 3, 0, bytes(0, 0), Pictures.chunk("PLTE", bytes(9, 9, 9))))
            .grey());
    assertEquals(false, header(indexed).grey());
  }

  @Test
  void alphaOfEveryKind() throws IOException {
    byte[] both = Pictures.png(2, 1, 8, 4, 0, bytes(0, 100, 255, 100, 51));
    assertTrue(header(both).grey());
    // A fifth of 100 over black, and over white four fifths of 255 more.
    assertArrayEquals(new int[] {100, 20}, read(grey, both));
    assertArrayEquals(new int[] {100, 224}, read(new PictureReader(1, WHITE), both));
    assertArrayEquals(
        new int[] {40, 20, 10},
        read(colour, Pictures.png(1, 1, 8, 6, 0, bytes(0, 200, 100, 50, 51))));
    assertArrayEquals(
        new int[] {40, 20, 10},
        read(colour, Pictures.png(1, 1, 16, 6, 0, bytes(0, 200, 200, 100, 100, 50, 50, 51, 51))));
    assertArrayEquals(
        new int[] {244, 224, 214},
        read(new PictureReader(3, WHITE), Pictures.png(1, 1, 8, 6, 0, bytes(0, 200, 100, 50, 51))));
    // The colour that a chunk names is transparent, and no other.
    byte[] key = Pictures.chunk("tRNS", bytes(0, 100));
    assertArrayEquals(
        new int[] {99, 255},
        read(new PictureReader(1, WHITE), Pictures.png(2, 1, 8, 0, 0, bytes(0, 99, 100), key)));
    byte[] colourKey = Pictures.chunk("tRNS", bytes(0, 1, 0, 2, 0, 3));
    assertArrayEquals(
        new int[] {255, 255, 255, 1, 2, 4},
        read(
            new PictureReader(3, WHITE),
            Pictures.png(2, 1, 8, 2, 0, bytes(0, 1, 2, 3, 1, 2, 4), colourKey)));
    byte[] palette = Pictures.chunk("PLTE", bytes(200, 100, 50, 4, 5, 6));
    byte[] alphas = Pictures.chunk("tRNS", bytes(51));
    assertArrayEquals(
        new int[] {40, 20, 10, 4, 5, 6},
        read(colour, Pictures.png(2, 1, 8, 3, 0, bytes(0, 0, 1), palette, alphas)));
    assertEquals(3, colour.transparent());
    assertEquals(1, grey.transparent());
  }

  @Test
  void interlacedPictures() throws IOException {
    // The passes of a picture of 2 x 2: (0, 0), (1, 0), then the second line.
    byte[] file = Pictures.png(2, 2, 8, 0, 1, bytes(0, 1, 0, 2, 0, 3, 4));
    assertArrayEquals(new int[] {1, 2, 3, 4}, read(grey, file));
  }

  @Test
  void orientationOfAPng() throws IOException {
    byte[] exif = Pictures.chunk("eXIf", Pictures.tiff(6));
    byte[] file = Pictures.png(2, 1, 8, 0, 0, bytes(0, 1, 2), exif);
    assertEquals(1, header(file).uprightWidth());
    assertArrayEquals(new int[] {1, 2}, read(grey, file));
    byte[] turned =
        Pictures.png(2, 1, 8, 0, 0, bytes(0, 1, 2), Pictures.chunk("eXIf", Pictures.tiff(3)));
    assertArrayEquals(new int[] {2, 1}, read(grey, turned));
  }

  private static byte[] jpeg(int... samples) throws IOException {
    return Pictures.jpeg(samples.length, 8, 8, (x, y) -> samples);
  }

  /** The first pixel, whose block has one colour, which a JPEG keeps to a step. */
  private void assertPixel(byte[] file, int... expected) throws IOException {
    int[] all = read(colour, file);
    for (int c = 0; c < 3; c++) {
      assertEquals(expected[c], all[c], 1, Arrays.toString(Arrays.copyOf(all, 3)));
    }
  }

  @Test
  void coloursOfJpegs() throws IOException {
    assertPixel(jpeg(77), 77, 77, 77);
    // y = 100, cb = 90, cr = 200: 100 + 1.402 x 72, 100 + 0.344 x 38 - 0.714 x 72, 100 - 1.772 x 38
    assertPixel(jpeg(100, 90, 200), 201, 62, 33);
    assertPixel(Pictures.withAdobe(jpeg(100, 90, 200), 1), 201, 62, 33);
    assertPixel(Pictures.withAdobe(jpeg(100, 90, 200), 0), 100, 90, 200);
    byte[] jfif =
        Pictures.withSegment(
            Pictures.withAdobe(jpeg(100, 90, 200), 0),
            0xE0,
            new Bytes().text("JFIF").u8(0, 1, 2, 0, 0, 1, 0, 1, 0, 0).array());
    assertPixel(jfif, 201, 62, 33);
    byte[] named = jpeg(100, 90, 200);
    int frame = Pictures.indexOf(named, 0xC0);
    int scan = Pictures.indexOf(named, 0xDA);
    for (int i = 0; i < 3; i++) {
      named[frame + 10 + 3 * i] = (byte) "RGB".charAt(i);
      named[scan + 5 + 2 * i] = (byte) "RGB".charAt(i);
    }
    assertPixel(named, 100, 90, 200);
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 16, 16, filled(256, 0x6430c8), 0, 16);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    assertPixel(out.toByteArray(), 100, 48, 200);
  }

  @Test
  void inksOfJpegs() throws IOException {
    // The shares of light that inks leave, in 255ths: 100 / 255 x 51 / 255 = 20 / 255.
    assertPixel(jpeg(100, 150, 200, 51), 20, 30, 40);
    assertPixel(Pictures.withAdobe(jpeg(100, 150, 200, 51), 0), 20, 30, 40);
    // The colours of (100, 90, 200) above, inverted: 54, 193, 222.
    assertPixel(Pictures.withAdobe(jpeg(100, 90, 200, 255), 2), 54, 193, 222);
    assertPixel(Pictures.withAdobe(jpeg(100, 90, 200, 51), 2), 11, 39, 44);
    assertEquals(4, colour.inks());
  }

  private static int[] filled(int count, int value) {
    int[] all = new int[count];
    Arrays.fill(all, value);
    return all;
  }

  @Test
  void jpegsThatCannotBeRead() throws IOException {
    byte[] file = jpeg(1, 2, 3);
    int frame = Pictures.indexOf(file, 0xC0);
    byte[] lossless = file.clone();
    lossless[frame + 1] = (byte) 0xC3;
    assertDataError(() -> header(lossless), "picture: is a JPEG of another coding (SOF3, 8 bits");
    byte[] deep = file.clone();
    deep[frame + 4] = 12;
    assertDataError(() -> header(deep), "SOF0, 12 bits", "convert it");
    byte[] two = jpeg(1, 2);
    assertDataError(() -> header(two), "JPEG of 2 samples a pixel", "convert it");
    byte[] none = file.clone();
    ByteBuffer.wrap(none).putShort(frame + 5, (short) 0);
    assertDataError(() -> header(none), "8 x 0", "damaged");
    byte[] noFrame = Arrays.copyOf(file, file.length - frame);
    System.arraycopy(bytes(0xFF, 0xD8, 0xFF, 0xDA, 0, 2), 0, noFrame, 0, 6);
    assertDataError(() -> header(noFrame), "no size before its pixels");
    for (int length = 3; length < frame + 17; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertDataError(() -> header(cut), "truncated");
    }
  }

  @Test
  void headersAfterLongSegments() throws IOException {
    byte[] file = Pictures.withOrientation(jpeg(90), 6);
    for (int i = 0; i < 40; i++) {
      file = Pictures.withSegment(file, 0xE2, new byte[65_000]);
    }
    PictureHeader header = header(file);
    assertEquals(8, header.width());
    assertEquals(6, header.orientation().value());
    assertEquals(PictureHeader.Samples.GREY, header.samples());
  }

  @Test
  void damagedPixels() throws IOException {
    byte[] few = Pictures.png(4, 4, 8, 0, 0, bytes(0, 1, 2, 3, 4));
    assertDataError(() -> read(grey, few), "picture: cannot be decoded", "get the file again");
  }
}
