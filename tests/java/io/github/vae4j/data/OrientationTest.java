// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Exif orientation of a JPEG: the picture is read upright. */
class OrientationTest {
  private static final int BLOCK = 16;

  /** The picture that all files show: 3 blocks wide, 2 high, each of one grey. */
  private static final int[][] UPRIGHT = {{10, 60, 110}, {160, 210, 250}};

  @TempDir Path folder;

  /** Where the stored picture has the pixel of an upright place: Exif 2.3, table 6. */
  private static int[][] stored(int orientation) {
    boolean swaps = orientation >= 5;
    int[][] stored = new int[swaps ? 3 : 2][swaps ? 2 : 3];
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 3; x++) {
        // The 0th row and column of the stored picture are these sides of the upright one.
        switch (orientation) {
          case 1 -> stored[y][x] = UPRIGHT[y][x]; // top, left
          case 2 -> stored[y][2 - x] = UPRIGHT[y][x]; // top, right
          case 3 -> stored[1 - y][2 - x] = UPRIGHT[y][x]; // bottom, right
          case 4 -> stored[1 - y][x] = UPRIGHT[y][x]; // bottom, left
          case 5 -> stored[x][y] = UPRIGHT[y][x]; // left, top
          case 6 -> stored[2 - x][y] = UPRIGHT[y][x]; // right, top
          case 7 -> stored[2 - x][1 - y] = UPRIGHT[y][x]; // right, bottom
          default -> stored[x][1 - y] = UPRIGHT[y][x]; // left, bottom
        }
      }
    }
    return stored;
  }

  private static byte[] jpeg(int[][] blocks) throws IOException {
    BufferedImage image =
        new BufferedImage(
            blocks[0].length * BLOCK, blocks.length * BLOCK, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.getRaster().setSample(x, y, 0, blocks[y / BLOCK][x / BLOCK]);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    return out.toByteArray();
  }

  /** A JPEG with an APP1 segment after its first marker. */
  private static byte[] withTag(byte[] jpeg, ByteOrder order, int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(4 + 6 + 8 + 2 + 2 * 12 + 4);
    exif.put((byte) 0xff).put((byte) 0xe1).putShort((short) (exif.capacity() - 2));
    exif.put(new byte[] {'E', 'x', 'i', 'f', 0, 0});
    exif.order(order);
    exif.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'));
    exif.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'));
    exif.putShort((short) 42).putInt(8).putShort((short) 2);
    exif.putShort((short) 0x0100).putShort((short) 4).putInt(1).putInt(48);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    exif.putShort((short) orientation).putShort((short) 0).putInt(0);
    ByteBuffer all = ByteBuffer.allocate(jpeg.length + exif.capacity());
    return all.put(jpeg, 0, 2).put(exif.array()).put(jpeg, 2, jpeg.length - 2).array();
  }

  @Test
  void allEightAreUpright() throws IOException {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      for (int orientation = 1; orientation <= 8; orientation++) {
        byte[] file = withTag(jpeg(stored(orientation)), order, orientation);
        assertEquals(orientation, Orientation.of(file).value());
        Picture picture = new PictureReader(1, 0).read(Files.write(folder.resolve("a.jpg"), file));
        assertEquals(new ImageShape(3 * BLOCK, 2 * BLOCK, 1), picture.shape());
        for (int y = 0; y < 2; y++) {
          for (int x = 0; x < 3; x++) {
            int at = (y * BLOCK + BLOCK / 2) * 3 * BLOCK + x * BLOCK + BLOCK / 2;
            assertEquals(
                UPRIGHT[y][x],
                Byte.toUnsignedInt(picture.pixels()[at]),
                3,
                "orientation " + orientation + " at " + x + ", " + y);
          }
        }
      }
    }
  }

  @Test
  void coloursTurnAsWhole() {
    Picture row = new Picture(new ImageShape(2, 1, 3), new byte[] {1, 2, 3, 4, 5, 6});
    Picture turned = new Orientation(8).apply(row);
    assertEquals(new ImageShape(1, 2, 3), turned.shape());
    assertArrayEquals(new byte[] {4, 5, 6, 1, 2, 3}, turned.pixels());
  }

  @Test
  void anythingElseIsUpright() throws IOException {
    byte[] plain = jpeg(UPRIGHT);
    assertEquals(1, Orientation.of(plain).value());
    for (int wrong : new int[] {0, 9, 65_535}) {
      assertEquals(1, Orientation.of(withTag(plain, ByteOrder.BIG_ENDIAN, wrong)).value());
    }
    byte[] tagged = withTag(plain, ByteOrder.BIG_ENDIAN, 6);
    for (int length = 0; length < 60; length++) {
      int value = Orientation.of(Arrays.copyOf(tagged, length)).value();
      assertEquals(length < 46 ? 1 : 6, value, "cut to " + length);
    }
    assertEquals(1, Orientation.of(new byte[] {(byte) 0x89, 'P', 'N', 'G'}).value());
  }
}
