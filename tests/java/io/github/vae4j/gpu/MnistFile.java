// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.gpu;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** MNIST's images as a plain IDX file, which can be streamed, and cut to its first rows. */
final class MnistFile {
  private static final int ROW = 28 * 28;
  private static final int MAGIC = 0x803;

  private MnistFile() {}

  static Path unpack(Path packed, int rows, Path target) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(packed)))) {
      int magic = in.readInt();
      int given = in.readInt();
      in.readLong();
      if (magic != MAGIC || given < rows) {
        throw new IOException(
            packed + " is not MNIST's images, or has less than " + rows + " rows");
      }
      ByteBuffer file = ByteBuffer.allocate(16 + rows * ROW);
      file.putInt(magic).putInt(rows).putInt(28).putInt(28);
      in.readFully(file.array(), 16, rows * ROW);
      return Files.write(target, file.array());
    }
  }
}
