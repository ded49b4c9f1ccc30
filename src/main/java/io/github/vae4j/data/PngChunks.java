// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/** The check of a PNG's chunks, which the decoder of the JDK does not make. */
final class PngChunks {
  private static final int FIRST = 8;
  private static final int AROUND = 12;

  private PngChunks() {}

  /** Refuses a file that ends before its last chunk, or whose critical chunks are damaged. */
  static void check(Path file, byte[] bytes) {
    ByteBuffer all = ByteBuffer.wrap(bytes);
    for (long at = FIRST; at + AROUND <= bytes.length; ) {
      int start = (int) at;
      long length = Integer.toUnsignedLong(all.getInt(start));
      if (at + AROUND + length > bytes.length) {
        break;
      }
      String chunk = new String(bytes, start + 4, 4, StandardCharsets.ISO_8859_1);
      // A capital letter means that a picture cannot be shown without the chunk.
      if (Character.isUpperCase(chunk.charAt(0))) {
        CRC32 sum = new CRC32();
        sum.update(bytes, start + 4, (int) length + 4);
        if ((int) sum.getValue() != all.getInt(start + 8 + (int) length)) {
          throw new DataException(
              file
                  + ": is damaged: the checksum of its chunk "
                  + Excerpt.of(chunk)
                  + " is wrong"
                  + PictureHeader.AGAIN);
        }
      }
      if (chunk.equals("IEND")) {
        return;
      }
      at += AROUND + length;
    }
    throw new DataException(
        file
            + ": is truncated: it ends after "
            + bytes.length
            + " bytes, before its last chunk"
            + PictureHeader.AGAIN);
  }
}
