// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The orientation of a photograph: the Exif tag 0x0112. Cameras store the pixels as the sensor lay,
 * and name the turn that makes them upright.
 *
 * @param value 1 for upright, to 8
 */
record Orientation(int value) {
  private static final int UPRIGHT = 1;
  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final String EXIF = "Exif\0\0";
  private static final int ENTRY_BYTES = 12;

  static final Orientation NONE = new Orientation(UPRIGHT);

  /** The orientation of a JPEG; upright if it names none, or if the bytes are no JPEG. */
  static Orientation of(byte[] file) {
    if (JpegSegments.begins(file)) {
      JpegSegments segments = new JpegSegments(file);
      while (segments.next()) {
        if (segments.marker() == JpegSegments.APP1 && segments.startsWith(EXIF)) {
          int skipped = EXIF.length();
          return ofTiff(
              ByteBuffer.wrap(file, segments.from() + skipped, segments.length() - skipped));
        }
      }
    }
    return NONE;
  }

  /** The orientation in the Exif data of a file, which have the form of a TIFF. */
  static Orientation ofTiff(ByteBuffer tiff) {
    return new Orientation(tag(tiff.slice()));
  }

  /** Finds the tag in the first directory of a TIFF. */
  private static int tag(ByteBuffer tiff) {
    if (tiff.limit() < 8) {
      return UPRIGHT;
    }
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (directory + 2 > tiff.limit()) {
      return UPRIGHT;
    }
    int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) i * ENTRY_BYTES;
      if (entry + ENTRY_BYTES > tiff.limit()) {
        return UPRIGHT;
      }
      int at = (int) entry;
      if (Short.toUnsignedInt(tiff.getShort(at)) == TAG && tiff.getShort(at + 2) == SHORT) {
        int value = Short.toUnsignedInt(tiff.getShort(at + 8));
        return value >= UPRIGHT && value <= 8 ? value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  /** Whether width and height change places. */
  boolean swaps() {
    return value >= 5;
  }

  /** The picture upright. */
  Picture apply(Picture stored) {
    if (value == UPRIGHT) {
      return stored;
    }
    ImageShape from = stored.shape();
    int channels = from.channels();
    ImageShape to =
        swaps()
            ? new ImageShape(/* width= */ from.height(), /* height= */ from.width(), channels)
            : from;
    byte[] pixels = new byte[stored.pixels().length];
    for (int y = 0; y < to.height(); y++) {
      for (int x = 0; x < to.width(); x++) {
        int source = source(x, y, from) * channels;
        System.arraycopy(
            stored.pixels(), source, pixels, (y * to.width() + x) * channels, channels);
      }
    }
    return new Picture(to, pixels);
  }

  /** The number of the stored pixel that is shown at a place. */
  private int source(int x, int y, ImageShape from) {
    int right = from.width() - 1;
    int bottom = from.height() - 1;
    return switch (value) {
      case 2 -> y * from.width() + right - x;
      case 3 -> (bottom - y) * from.width() + right - x;
      case 4 -> (bottom - y) * from.width() + x;
      case 5 -> x * from.width() + y;
      case 6 -> (bottom - x) * from.width() + y;
      case 7 -> (bottom - x) * from.width() + right - y;
      case 8 -> x * from.width() + right - y;
      default -> y * from.width() + x;
    };
  }
}
