// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.util.Set;

/**
 * The segments of a JPEG before its first scan: 0xFF, a marker, and a length that counts itself.
 */
final class JpegSegments {
  static final int APP0 = 0xE0;
  static final int APP1 = 0xE1;
  static final int APP14 = 0xEE;
  static final int BASELINE = 0xC0;
  static final int PROGRESSIVE = 0xC2;
  private static final int LAST_FRAME = 0xCF;
  private static final Set<Integer> TABLES = Set.of(0xC4, 0xC8, 0xCC);
  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;

  private final byte[] file;
  private int marker;
  private int next = 2;
  private int from;
  private int end;
  private boolean complete = true;

  JpegSegments(byte[] file) {
    this.file = file;
  }

  /** Whether a marker is that of a frame, whose content has the size. */
  static boolean isFrame(int marker) {
    return marker >= BASELINE && marker <= LAST_FRAME && !TABLES.contains(marker);
  }

  /** Whether a file begins as a JPEG. */
  static boolean begins(byte[] file) {
    return file.length >= 3 && at(file, 0) == 0xFF && at(file, 1) == 0xD8 && at(file, 2) == 0xFF;
  }

  /** Goes to the next segment; false if there is none. */
  boolean next() {
    while (next + 1 < file.length && at(file, next) == 0xFF && at(file, next + 1) == 0xFF) {
      next++;
    }
    if (next + 4 > file.length || at(file, next) != 0xFF) {
      complete = next + 4 <= file.length;
      return false;
    }
    marker = at(file, next + 1);
    if (marker == START_OF_SCAN || marker == END_OF_IMAGE) {
      return false;
    }
    int length = Math.max(2, at(file, next + 2) << 8 | at(file, next + 3));
    from = next + 4;
    complete = next + 2 + length <= file.length;
    end = Math.min(file.length, next + 2 + length);
    next += 2 + length;
    return true;
  }

  /** Whether the bytes had all of the last segment. */
  boolean complete() {
    return complete;
  }

  int marker() {
    return marker;
  }

  /** Whether the content begins with a text. */
  boolean startsWith(String text) {
    if (end - from < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (file[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The first byte of the content. */
  int from() {
    return from;
  }

  /** The number of bytes of the content that there are. */
  int length() {
    return end - from;
  }

  /** A byte of the content; -1 after its end. */
  int at(int index) {
    return from + index < end ? at(file, from + index) : -1;
  }

  private static int at(byte[] file, int index) {
    return Byte.toUnsignedInt(file[index]);
  }
}
