// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes PNG and JPEG files of kinds that ImageIO does not write, byte by byte where it must. */
public final class Pictures {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

  private Pictures() {}

  /** The samples of a pixel. */
  @FunctionalInterface
  public interface Pixel {
    int[] at(int x, int y);
  }

  /** A JPEG whose samples are stored as they are, without JFIF and without Adobe's segment. */
  public static byte[] jpeg(int bands, int width, int height, Pixel pixel) throws IOException {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, bands, null);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        raster.setPixel(x, y, pixel.at(x, y));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(raster, null, null), null);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** A JPEG with Adobe's segment, which names the transform of its colours. */
  public static byte[] withAdobe(byte[] jpeg, int transform) {
    return withSegment(
        jpeg, 0xEE, new Bytes().text("Adobe").u8(0, 100, 0, 0, 0, 0, transform).array());
  }

  /** A JPEG with an Exif segment. */
  public static byte[] withOrientation(byte[] jpeg, int orientation) {
    return withSegment(jpeg, 0xE1, new Bytes().text("Exif").u8(0, 0).array(), tiff(orientation));
  }

  /** Exif data with one tag, big-endian. */
  public static byte[] tiff(int orientation) {
    return new Bytes()
        .text("MM")
        .i16(42)
        .i32(8)
        .i16(1, 0x0112, 3)
        .i32(1)
        .i16(orientation, 0)
        .i32(0)
        .array();
  }

  /** A JPEG with a segment after its first marker. */
  public static byte[] withSegment(byte[] jpeg, int marker, byte[]... parts) {
    int length = 2;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer all = ByteBuffer.allocate(jpeg.length + length + 2);
    all.put(jpeg, 0, 2).put((byte) 0xFF).put((byte) marker).putShort((short) length);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.put(jpeg, 2, jpeg.length - 2).array();
  }

  /** The place of a marker. */
  public static int indexOf(byte[] jpeg, int marker) {
    int at = 0;
    while ((jpeg[at] & 0xFF) != 0xFF || (jpeg[at + 1] & 0xFF) != marker) {
      at++;
    }
    return at;
  }

  /**
   * A PNG.
   *
   * @param type 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha
   * @param lines each with a filter's number first
   * @param interlaced 1 for Adam7
   * @param before chunks before the pixels
   */
  public static byte[] png(
      int width, int height, int depth, int type, int interlaced, byte[] lines, byte[]... before)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(SIGNATURE);
    out.write(
        chunk("IHDR", new Bytes().i32(width, height).u8(depth, type, 0, 0, interlaced).array()));
    for (byte[] chunk : before) {
      out.write(chunk);
    }
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(deflated)) {
      deflater.write(lines);
    }
    out.write(chunk("IDAT", deflated.toByteArray()));
    out.write(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  /** A chunk of a PNG with its checksum. */
  public static byte[] chunk(String name, byte[] content) {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(type);
    sum.update(content);
    ByteBuffer all = ByteBuffer.allocate(12 + content.length);
    return all.putInt(content.length).put(type).put(content).putInt((int) sum.getValue()).array();
  }
}
