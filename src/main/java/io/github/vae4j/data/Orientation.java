// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The orientation of a photograph: the Exif tag 0x0112 of a JPEG. Cameras store the pixels as the
 * sensor lay, and name the turn that makes them upright.
 *
 * @param value 1 for upright, to 8
 */
record Orientation(int value) {
  private static final int UPRIGHT = 1;
  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int APP1 = 0xE1;
  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};
  private static final int ENTRY_BYTES = 12;

  /** The orientation of a file; upright if it names none, or is no JPEG. */
  static Orientation of(byte[] file) {
    if (file.length < 4 || (file[0] & 0xFF) != 0xFF || (file[1] & 0xFF) != 0xD8) {
      return new Orientation(UPRIGHT);
    }
    // Segments: 0xFF, a marker, and a length that counts itself.
    int at = 2;
    while (at + 4 <= file.length && (file[at] & 0xFF) == 0xFF) {
      int marker = file[at + 1] & 0xFF;
      if (marker == 0xFF) {
        at++;
        continue;
      }
      if (marker == START_OF_SCAN || marker == END_OF_IMAGE) {
        break;
      }
      int length = (file[at + 2] & 0xFF) << 8 | (file[at + 3] & 0xFF);
      int end = Math.min(file.length, at + 2 + length);
      if (marker == APP1 && isExif(file, at + 4, end)) {
        return new Orientation(tag(ByteBuffer.wrap(file, at + 10, end - at - 10).slice()));
      }
      at += 2 + Math.max(2, length);
    }
    return new Orientation(UPRIGHT);
  }

  private static boolean isExif(byte[] file, int from, int end) {
    if (end - from < EXIF.length) {
      return false;
    }
    for (int i = 0; i < EXIF.length; i++) {
      if (file[from + i] != EXIF[i]) {
        return false;
      }
    }
    return true;
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
